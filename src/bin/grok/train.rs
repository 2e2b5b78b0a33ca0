//! `grok train` and `grok bench`.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clap::ArgMatches;
use grokking::clock::Stopwatch;
use grokking::config::{Config, RawConfig};
use grokking::error::Error;
use grokking::inspect::Watch;
use grokking::inspect::gauge::measures::Measurer;
use grokking::model::file::{self, Precision};
use grokking::session::{Command, Curves, Event, Session};
use indicatif::ProgressBar;

use crate::checkpoint::{Checkpoints, Saved};
use crate::drive::{inspect, obey, session, snapshot, weights};
use crate::log::{Log, read_outcome_of};
use crate::recorder::{Keeping, Moment, Recorder};
use crate::{Failure, arguments, files, report};

pub fn run(arguments: &ArgMatches) -> Result<(), Failure> {
    if arguments.get_flag("tied") {
        // This program is never built for wasm32.
        #[allow(clippy::disallowed_methods)]
        std::thread::spawn(end_with_input);
    }
    let log = arguments.get_one::<String>("log").map(Path::new);
    if let Some(log) = log.filter(|log| log.is_file()) {
        if arguments.get_flag("resume") {
            return read_outcome_of(log, &arguments::raw_config(arguments)?).map(|_| ());
        }
        let problem = "it is there already: remove it, or go on with `--resume`";
        return Err(Failure::content(log, problem));
    }
    let mut run = Training::begin(arguments)?;
    run.log = Log::create(log, arguments.get_flag("json"), run.variant.take())?;
    run.inspects = arguments.get_flag("inspect");
    let ended = run.train();
    if ended.is_ok() && arguments.get_flag("sharpness") {
        let sharpness = sharpness(&mut run.session)?;
        run.log.sharpness(sharpness);
    }
    let seconds = run.seconds();
    // A run that diverged is a result; what was typed wrong is not.
    match &ended {
        Ok(_) => run.log.finish(seconds, None)?,
        Err(Failure::Core(error @ Error::NotFinite { .. })) => {
            run.log.finish(seconds, Some(error.to_string()))?;
        }
        Err(_) => {}
    }
    let last = ended?;
    if let Some(checkpoints) = &run.checkpoints
        && log.is_some()
        && run.recorder.is_none()
    {
        // A run that has its log has nothing to go on with.
        checkpoints.remove()?;
    }
    if let Some(path) = arguments.get_one::<String>("save") {
        files::write(Path::new(path), &weights(&mut run.session, Precision::F32)?)?;
    }
    let summary = report::summary(&last, seconds);
    if arguments.get_flag("json") {
        // Nobody may be there to read it.
        let _ = std::io::stderr().write_all(summary.as_bytes());
        Ok(())
    } else {
        report::print(&summary)
    }
}

/// Ends this process when its input ends, however the one that holds it came to its own end.
fn end_with_input() {
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    std::process::exit(1);
}

/// Trains for `grok record`: the recording, and how the run ended.
pub fn record(arguments: &ArgMatches) -> Result<(Recorder, Result<(), Failure>), Failure> {
    let mut run = Training::begin(arguments)?;
    let ended = match run.train() {
        Err(failure) if !matches!(failure, Failure::Core(Error::NotFinite { .. })) => {
            return Err(failure);
        }
        ended => ended.map(|_| ()),
    };
    Ok((run.recorder.expect("what records has frames"), ended))
}

/// A run of this process, and everyone who hears of it.
struct Training<'a> {
    arguments: &'a ArgMatches,
    config: RawConfig,
    /// The run that it forks off.
    from: Option<Saved>,
    /// The bundle of settings that it has, in a sweep.
    variant: Option<String>,
    session: Session,
    log: Log,
    /// Whether the log has an inspection at every evaluation.
    inspects: bool,
    /// Made for the first inspection.
    measurer: Option<Measurer>,
    recorder: Option<Recorder>,
    checkpoints: Option<Checkpoints>,
    progress: ProgressBar,
    clock: Stopwatch,
    /// That earlier processes trained.
    seconds_before: f64,
    last: Option<Curves>,
}

impl<'a> Training<'a> {
    fn begin(arguments: &'a ArgMatches) -> Result<Training<'a>, Failure> {
        let clock = Stopwatch::start();
        let frames = arguments.get_one::<u16>("frames").copied().unwrap_or(0);
        let table_only = arguments.get_flag("table-only");
        let moments: Vec<Moment> =
            arguments.get_many("weights").into_iter().flatten().copied().collect();
        if frames == 0 && !moments.is_empty() {
            let why = "`--weights` are kept in a recording: add `--frames 48`";
            return Err(Failure::Typed(why.into()));
        }
        let precision = match arguments.get_one::<String>("precision").map(String::as_str) {
            Some("f32") => Precision::F32,
            _ => Precision::F16,
        };
        let checkpoint = arguments.get_one::<String>("checkpoint");
        let checkpoints = checkpoint.map(|path| {
            let seconds = *arguments.get_one::<u64>("every-seconds").expect("it has a default");
            Checkpoints::new(Path::new(path), Duration::from_secs(seconds))
        });
        let (mut config, variant) = arguments::run(arguments)?;
        let from = match arguments.get_one::<String>("from") {
            Some(path) => Some(Saved::read(Path::new(path))?),
            None => None,
        };
        if let Some(from) = &from {
            let mut settings = from.config().clone();
            settings.extend(config.settings);
            config.settings = settings;
            let (step, budget) = (from.snapshot().step, Config::from_raw(&config)?.budget);
            if step >= budget {
                let why = format!("the run is at step {step}: give it a `--budget` above that");
                return Err(Failure::Typed(why));
            }
        }
        Ok(Training {
            config,
            from,
            variant,
            session: session(arguments)?,
            log: Log::default(),
            inspects: false,
            measurer: None,
            recorder: (frames > 0)
                .then(|| Recorder::new(frames, table_only, Keeping { moments, precision })),
            checkpoints,
            progress: ProgressBar::hidden(),
            clock,
            seconds_before: 0.0,
            last: None,
            arguments,
        })
    }

    /// How long the run took, in all processes.
    fn seconds(&self) -> f64 {
        self.seconds_before + self.clock.millis() / 1e3
    }

    /// Trains to the end, from where a checkpoint left off, and gives the last evaluation.
    fn train(&mut self) -> Result<Curves, Failure> {
        let saved = match &self.checkpoints {
            Some(checkpoints) => checkpoints.read(&self.config)?,
            None => None,
        };
        // A fork that was begun goes on with its own checkpoint.
        let from = self.from.as_ref().filter(|_| saved.is_none());
        let start = Command::Start {
            config: self.config.clone(),
            resume: saved.as_ref().or(from).map(Saved::snapshot),
            from: from.map(|from| RawConfig { settings: from.config().clone(), preset: None }),
        };
        let mut events = obey(&mut self.session, start)?;
        let config = self.session.trainer()?.config().clone();
        self.progress = report::progress(config.budget);
        let finished = saved.as_ref().is_some_and(|saved| saved.is_finished(&config));
        if let Some(saved) = saved {
            events = self.go_on(saved, events)?;
        } else if let Some(path) = self.arguments.get_one::<String>("init") {
            events.retain(|event| matches!(event, Event::Started(_)));
            events.extend(load(&mut self.session, Path::new(path))?);
        }
        let steps = self.arguments.get_one::<u32>("every").copied();
        obey(&mut self.session, Command::Pace { steps, growing: true })?;
        if !finished {
            obey(&mut self.session, Command::Run)?;
        }
        loop {
            for event in events {
                self.hear(event)?;
            }
            if !self.session.is_running() {
                break;
            }
            let patience =
                self.checkpoints.as_ref().map_or(f64::INFINITY, Checkpoints::millis_left);
            events = pollster::block_on(self.session.advance_for(patience))?;
            let is_over = !self.session.is_running();
            let is_last = is_over && !(self.log.is_file() && self.recorder.is_none());
            if self.checkpoints.as_ref().is_some_and(|checkpoints| is_last || checkpoints.are_due())
            {
                for event in std::mem::take(&mut events) {
                    self.hear(event)?;
                }
                self.checkpoint(is_over)?;
            }
        }
        self.progress.finish_and_clear();
        Ok(self.last.take().expect("a run is evaluated before its first step"))
    }

    /// Takes up what another process had come to. The run is evaluated where it goes on, which was said
    /// already or is between two evaluations, so nobody but the terminal hears of that.
    fn go_on(&mut self, saved: Saved, events: Vec<Event>) -> Result<Vec<Event>, Failure> {
        self.seconds_before = saved.seconds;
        let path = self.arguments.get_one::<String>("checkpoint").cloned().unwrap_or_default();
        let lacks = |what: &str, flag: &str| {
            let problem = format!("it was written without {what}: go on without `{flag}`");
            Failure::content(Path::new(&path), problem)
        };
        match saved.log {
            Some(journal) => self.log.go_on(journal)?,
            None if self.log.is_file() => return Err(lacks("a log", "--log")),
            None => {}
        }
        if let Some(asked) = &self.recorder {
            let Some(saved) = &saved.recorder else { return Err(lacks("frames", "--frames")) };
            if !saved.keeps_as(asked) {
                let problem =
                    "it keeps other weights: go on with the `--weights` that it was begun with";
                return Err(Failure::content(Path::new(&path), problem));
            }
        }
        self.recorder = saved.recorder;
        for event in events {
            if let Event::Evaluated(point) = event {
                self.show(point);
            }
        }
        Ok(Vec::new())
    }

    fn hear(&mut self, event: Event) -> Result<(), Failure> {
        self.log.write(&event)?;
        if let Some(recorder) = &mut self.recorder {
            recorder.hear(&event, &mut self.session)?;
        }
        if let Event::Evaluated(point) = event {
            if self.inspects {
                self.inspect()?;
            }
            self.show(point);
        }
        Ok(())
    }

    fn inspect(&mut self) -> Result<(), Failure> {
        let watch = Watch { structure: true, ..Watch::default() };
        let inspected = Event::Inspected(inspect(&mut self.session, watch)?);
        let trainer = self.session.trainer()?;
        let weights = pollster::block_on(trainer.weights())?;
        let measurer = self
            .measurer
            .get_or_insert_with(|| Measurer::new(trainer.config().operation(), trainer.model()));
        let measures = measurer.measure(&weights, &trainer.table().equations);
        self.log.inspected(&inspected, &measures)
    }

    fn show(&mut self, point: Curves) {
        self.progress.set_position(point.step);
        self.progress.set_message(report::progress_message(&point));
        self.last = Some(point);
    }

    fn checkpoint(&mut self, finished: bool) -> Result<(), Failure> {
        let snapshot = snapshot(&mut self.session)?;
        let config = self.session.trainer()?.config().texts();
        let mut saved = Saved::new(config, snapshot, self.seconds(), finished);
        saved.log = self.log.journal();
        saved.recorder = self.recorder.clone();
        self.checkpoints.as_mut().map_or(Ok(()), |checkpoints| checkpoints.write(&saved))
    }
}

/// φ of the network as it is.
fn sharpness(session: &mut Session) -> Result<Option<f64>, Failure> {
    let inspected = inspect(session, Watch { sharpness: true, ..Watch::default() })?;
    Ok(inspected.inspection.sharpness)
}

/// `grok bench`: how long a step takes, and how fast matrices could be multiplied.
pub fn bench(arguments: &ArgMatches) -> Result<(), Failure> {
    let mut session = session(arguments)?;
    let steps = arguments.get_one::<u32>("steps").copied();
    let mut events = obey(&mut session, Command::Peak)?;
    events.extend(obey(
        &mut session,
        Command::Test { config: arguments::raw_config(arguments)?, steps },
    )?);
    events.iter().try_for_each(report::json_line)
}

/// Puts the weights of a file into a run that has not started.
fn load(session: &mut Session, path: &Path) -> Result<Vec<Event>, Failure> {
    let values = file::decode(session.trainer()?.model(), &files::read(path)?)?;
    Ok(obey(session, Command::Import { values })?)
}
