// A cluster of one node with two cores: Debian's Slurm on loopback, in a folder of its own.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch'];
const INSTALL = 'apt-get install --no-install-recommends slurm-wlm munge';
/** Seconds after which a task that was put back starts again; Slurm takes no less, and 120 by default. */
const REQUEUE_SECONDS = 5;
// Where Debian has daemons, which the PATH of a person may lack.
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** @typedef {'munged' | 'slurmctld' | 'slurmd'} Daemon */

/**
 * Waits until something holds, or says what did not.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} holds
 * @param {number} [seconds]
 * @returns {Promise<T>} What it gave, which is neither false nor empty.
 */
export async function until(what, holds, seconds = 60) {
  const end = performance.now() + 1e3 * seconds;
  for (;;) {
    const given = await holds();
    if (Array.isArray(given) ? given.length : given) return given;
    if (performance.now() > end) throw new Error(`after ${seconds} s still not: ${what}`);
    await sleep(100);
  }
}

/** A port that nobody listens on. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}

export class Slurm {
  /** @type {Map<Daemon, import('node:child_process').ChildProcess>} */
  #daemons = new Map();

  /** @param {string} folder @param {string} conf */
  constructor(folder, conf) {
    this.folder = folder;
    // One folder in front of PATH, for the program that is tested.
    this.environment = { ...process.env, PATH: `${join(folder, 'bin')}:${PATH}`, SLURM_CONF: conf };
  }

  static async start() {
    const missing = PROGRAMS.filter((name) => spawnSync('which', [name], { env: { PATH } }).status !== 0);
    if (missing.length) throw new Error(`Slurm is not installed (no ${missing.join(', ')}): ${INSTALL}`);
    const folder = mkdtempSync(join(tmpdir(), 'grok-slurm-'));
    for (const name of ['bin', 'munge', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o755 });
    writeFileSync(join(folder, 'munge/key'), randomBytes(128), { mode: 0o600 });
    const conf = join(folder, 'slurm.conf');
    writeFileSync(conf, configuration(folder, await freePort(), await freePort()));
    const slurm = new Slurm(folder, conf);
    try {
      for (const name of /** @type {Daemon[]} */ (['munged', 'slurmctld', 'slurmd'])) slurm.launch(name);
      await slurm.isUp();
    } catch (error) {
      console.error(slurm.tails());
      await slurm.stop();
      throw error;
    }
    return slurm;
  }

  /** @param {Daemon} name */
  launch(name) {
    const log = openSync(join(this.folder, `${name}.out`), 'a');
    const munge = ['key-file=key', 'socket=socket', 'pid-file=pid', 'log-file=log', 'seed-file=seed'];
    const paths = munge.map((option) => `--${option.replace('=', `=${this.folder}/munge/`)}`);
    const flags = name === 'munged' ? ['--foreground', '--force', ...paths] : ['-D'];
    // Whatever becomes of this process, no daemon outlives it.
    const daemon = spawn('setpriv', ['--pdeathsig', 'KILL', name, ...flags], {
      env: this.environment,
      stdio: ['ignore', log, log],
    });
    this.#daemons.set(name, daemon);
  }

  /** Ends a daemon as a crash does. @param {Daemon} name */
  async crash(name) {
    const daemon = this.#daemons.get(name);
    if (!daemon || daemon.exitCode !== null) throw new Error(`${name} is not running`);
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGKILL');
    await ended;
  }

  /** Waits until the node takes tasks. */
  async isUp() {
    await until('the node takes tasks', () => /^(idle|mix|alloc)/.test(this.ask('sinfo', '--noheader', '--format=%T') ?? ''));
  }

  /** What a command of Slurm prints. @param {string} command @param {string[]} flags */
  tell(command, ...flags) {
    const text = execFileSync(command, flags, { cwd: this.folder, env: this.environment, encoding: 'utf8' });
    return text.trim();
  }

  /** The same, or null while the controller does not answer. @param {string} command @param {string[]} flags */
  ask(command, ...flags) {
    const { status, stdout } = spawnSync(command, flags, { env: this.environment, encoding: 'utf8', timeout: 5000 });
    return status === 0 ? stdout.trim() : null;
  }

  /**
   * Tasks that wait, run or are ended just now, or those that other flags select: as `12_3`, the last started first.
   * Null while the controller does not answer.
   * @param {...string} flags
   */
  tasks(...flags) {
    const text = this.ask('squeue', '--noheader', '--array', '--format=%i', '--sort=-S', ...flags);
    return text?.split('\n').filter(Boolean) ?? null;
  }

  /** The id of a task's own job. @param {string} task */
  job(task) {
    return this.tell('squeue', '--noheader', '--array', '--format=%A', `--jobs=${task}`);
  }

  /** How often a task was started again. @param {string} task */
  restarts(task) {
    return Number(/Restarts=(\d+)/.exec(this.ask('scontrol', 'show', 'job', task) ?? '')?.[1] ?? 0);
  }

  /** Processes that have something in their command line, and this folder or a task of it. @param {RegExp} pattern */
  processes(pattern) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) => {
        const [command, environment] = ['cmdline', 'environ'].map((file) => readable(`/proc/${pid}/${file}`));
        return pattern.test(command) && `${command}${environment}`.includes(this.folder);
      })
      .map(Number);
  }

  /** The end of every log. */
  tails() {
    return readdirSync(this.folder)
      .filter((name) => /\.(log|out)$/.test(name))
      .map((name) => {
        const lines = readable(join(this.folder, name)).trimEnd().split('\n');
        return `--- ${name}\n${lines.slice(-25).join('\n')}\n`;
      })
      .join('');
  }

  async stop() {
    this.ask('scancel', '--signal=KILL', '--full', '--me');
    this.ask('scancel', '--me');
    for (const name of /** @type {Daemon[]} */ (['slurmd', 'slurmctld', 'munged'])) {
      const daemon = this.#daemons.get(name);
      if (daemon?.exitCode === null && daemon.signalCode === null) await this.crash(name);
    }
    for (const pid of this.processes(/./)) signal(pid);
    await until('every process is gone', () => this.processes(/./).length === 0, 20);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @param {number} pid */
export function signal(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** A file's text, or nothing if it is gone. @param {string} path */
function readable(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} folder @param {number} controllerPort @param {number} nodePort */
function configuration(folder, controllerPort, nodePort) {
  const host = hostname().split('.')[0];
  const user = userInfo().username;
  return `ClusterName=grok
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=${user}
SlurmdUser=${user}
AuthInfo=socket=${folder}/munge/socket,cred_expire=${REQUEUE_SECONDS}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=5
SlurmdTimeout=5
ReturnToService=2
# The node is what is written here, whatever the machine has.
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=sweeps Nodes=ALL Default=YES PriorityTier=1
PartitionName=urgent Nodes=ALL PriorityTier=2
`;
}
