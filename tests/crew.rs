//! The same run on any number of threads, and with any number of helpers, who may be lost.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;
use grokking::config::{Config, RawConfig};
use grokking::train::{Crew, Hardware, Helper, Task, Trainer};
use pollster::block_on;

const STEPS: u64 = 7;

/// Networks whose batches have 1, 4 and 8 parts, whose last batch is short, and whose attention has
/// rows of every kind.
const NETWORKS: &[&[(&str, &str)]] = &[
    &[("preset", "clock"), ("modulus", "11")],
    &[("preset", "quick"), ("batch", "512"), ("modulus", "41")],
    &[("preset", "division"), ("modulus", "37"), ("width", "32"), ("batch", "full")],
    &[("preset", "quick"), ("batch", "full"), ("modulus", "53"), ("layers", "2"), ("norm", "pre")],
    &[("preset", "quick"), ("weightNoise", "0.01"), ("loss", "stablemax"), ("zeroSum", "on")],
];

fn config(network: &[(&str, &str)], threads: &str) -> Config {
    let mut settings: BTreeMap<String, String> =
        network.iter().map(|&(id, value)| (id.into(), value.into())).collect();
    let preset = settings.remove("preset");
    settings.insert("threads".into(), threads.into());
    Config::from_raw(&RawConfig { preset, settings }).unwrap()
}

/// Losses of all steps, and then the bits of all parameters and of the table's losses.
fn run(config: &Config, hardware: &Hardware) -> (Vec<f64>, Vec<u32>, f64) {
    let mut trainer = Trainer::new(config, hardware).unwrap();
    let losses = (0..STEPS).map(|_| {
        block_on(trainer.step()).unwrap();
        block_on(trainer.settle()).unwrap().unwrap()
    });
    let losses = losses.collect();
    let evaluation = block_on(trainer.evaluate()).unwrap();
    let weights = block_on(trainer.weights()).unwrap();
    (losses, weights.into_iter().map(f32::to_bits).collect(), evaluation.held_out_loss)
}

/// What went on in a crew.
#[derive(Default)]
struct Log {
    tasks: usize,
    rows: usize,
    losses: usize,
}

/// Helpers in this process. Every so many answers, one is lost.
struct Here {
    cores: usize,
    helpers: Vec<Helper>,
    answers: Vec<Option<Vec<f32>>>,
    lose_every: usize,
    /// What each task takes besides its work.
    delay: Duration,
    log: Rc<RefCell<Log>>,
}

#[async_trait(?Send)]
impl Crew for Here {
    fn cores(&self) -> usize {
        self.cores
    }

    fn recruit(&mut self, config: &Config, helpers: usize) {
        while self.helpers.len() < helpers {
            self.helpers.push(Helper::new(config));
        }
        self.helpers.truncate(helpers);
        self.answers.resize(helpers, None);
    }

    fn ready(&self) -> usize {
        self.helpers.len()
    }

    fn ask(&mut self, helper: usize, parameters: &[f32], task: &Task) {
        let mut log = self.log.borrow_mut();
        log.tasks += 1;
        log.rows += usize::from(matches!(task, Task::Rows(_)));
        let is_lost = self.lose_every > 0 && log.tasks.is_multiple_of(self.lose_every);
        log.losses += usize::from(is_lost);
        std::thread::sleep(self.delay);
        self.answers[helper] = (!is_lost).then(|| self.helpers[helper].work(parameters, task));
    }

    async fn answer(&mut self, helper: usize) -> Option<Vec<f32>> {
        self.answers[helper].take()
    }
}

fn crew(cores: usize, lose_every: usize, delay: Duration) -> (Hardware, Rc<RefCell<Log>>) {
    let log: Rc<RefCell<Log>> = Rc::default();
    let recruiter = {
        let log = log.clone();
        move || -> Box<dyn Crew> {
            let (helpers, answers) = (Vec::new(), Vec::new());
            let log = log.clone();
            Box::new(Here { cores, helpers, answers, lose_every, delay, log })
        }
    };
    (Hardware::Crew(Rc::new(recruiter)), log)
}

#[test]
fn a_run_is_the_same_on_any_number_of_threads() {
    for network in NETWORKS {
        let expected = run(&config(network, "1"), &Hardware::Cpu);
        for threads in ["2", "3", "5", "auto"] {
            let other = run(&config(network, threads), &Hardware::Cpu);
            assert!(other == expected, "{network:?} on {threads}: {:?}", (other.0, &expected.0));
        }
    }
}

#[test]
fn a_run_is_the_same_with_any_helpers() {
    for network in NETWORKS {
        let expected = run(&config(network, "1"), &Hardware::Cpu);
        for (threads, lose_every) in [("1", 0), ("2", 0), ("3", 0), ("3", 3), ("7", 2), ("4", 1)] {
            let (hardware, log) = crew(8, lose_every, Duration::ZERO);
            let other = run(&config(network, threads), &hardware);
            assert!(other == expected, "{network:?} on {threads}: {:?}", (other.0, &expected.0));
            let log = log.borrow();
            let helps = threads != "1" && *network != NETWORKS[0];
            assert_eq!((log.tasks > 0, log.rows > 0), (helps, helps), "{network:?} {threads}");
            assert!(lose_every == 0 || !helps || log.losses > 0);
        }
    }
}

/// Helpers who take longer than the work itself: the run finds that out and goes on alone.
#[test]
fn helpers_that_are_of_no_use_are_not_asked() {
    let network = config(NETWORKS[1], "auto");
    let (hardware, log) = crew(4, 0, Duration::from_millis(20));
    let mut trainer = Trainer::new(&network, &hardware).unwrap();
    for _ in 0..40 {
        block_on(trainer.step()).unwrap();
    }
    let tried = log.borrow().tasks;
    assert!(tried > 0, "they were tried");
    for _ in 0..40 {
        block_on(trainer.step()).unwrap();
    }
    assert_eq!(log.borrow().tasks, tried);
}
