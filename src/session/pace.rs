//! How many steps to take between pictures.

/// Aim of one picture's training.
const PICTURE_MILLIS: f64 = 100.0;
/// Aim of the work that a device has queued.
const QUEUE_MILLIS: f64 = 50.0;
/// Training time per evaluation time, at least.
const TRAINING_SHARE: f64 = 4.0;

/// When a run is evaluated.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub enum Pictures {
    /// As often as stays cheap, so that the page is fluid.
    #[default]
    Adapt,
    /// After so many steps each time.
    Every(u64),
    /// After 2 % more steps each time, as `openai/grok` does: cheap on any machine, fine enough on
    /// a logarithmic axis, and the same steps in every replay.
    Growing,
}

/// Measures steps and evaluations, and from them chooses the next picture.
#[derive(Debug, Default)]
pub struct Pace {
    pictures: Pictures,
    /// Smoothed; none before they were measured.
    step_millis: Option<f64>,
    evaluation_millis: Option<f64>,
    /// Rounds measured so far. The first compiles shaders and is left out.
    rounds: u64,
}

impl Pace {
    /// How pictures come from now on.
    pub fn choose(&mut self, pictures: Pictures) {
        self.pictures = pictures;
    }

    /// The step of the next picture. By default a multiple of 1, 2 or 5 times a power of ten, so
    /// that two replays of a run are evaluated at mostly the same steps, and never much further
    /// than the run is long, so that its beginning shows on a logarithmic axis.
    pub fn next_picture(&self, step: u64) -> u64 {
        let stride = match self.pictures {
            Pictures::Adapt => round_down(self.affordable().min(step as f64 / 5.0)),
            Pictures::Every(steps) => steps.max(1),
            Pictures::Growing => return next_growing(step),
        };
        (step / stride + 1) * stride
    }

    /// Steps to queue before waiting for the device.
    pub fn steps_between_waits(&self) -> u64 {
        match self.step_millis {
            Some(millis) => (QUEUE_MILLIS / millis).clamp(1.0, 1e4) as u64,
            None => 1,
        }
    }

    /// Takes in how long some steps took, from the first to when the device had done them.
    pub fn trained(&mut self, steps: u64, millis: f64) {
        self.rounds += 1;
        if self.rounds > 1 {
            smooth(&mut self.step_millis, millis / steps as f64);
        }
    }

    /// Takes in how long an evaluation took.
    pub fn evaluated(&mut self, millis: f64) {
        if self.rounds > 0 {
            smooth(&mut self.evaluation_millis, millis);
        }
    }

    /// Steps a second of training alone; none before it was measured.
    pub fn steps_per_second(&self) -> Option<f64> {
        self.step_millis.map(|millis| 1e3 / millis)
    }

    fn affordable(&self) -> f64 {
        let Some(step) = self.step_millis else { return 1.0 };
        let evaluation = self.evaluation_millis.unwrap_or(0.0);
        (PICTURE_MILLIS - evaluation).max(TRAINING_SHARE * evaluation) / step
    }
}

/// The first after `step` of 1, 2, 3, ..., 100, 102, ...: each 2 % more than the one before.
fn next_growing(step: u64) -> u64 {
    let mut next = 1;
    while next <= step {
        next += (next / 50).max(1);
    }
    next
}

/// The largest of 1, 2, 5, 10, 20, ... that is at most `steps`.
fn round_down(steps: f64) -> u64 {
    let decade = 10f64.powf(steps.max(1.0).log10().floor());
    let leading = [5.0, 2.0].into_iter().find(|digit| digit * decade <= steps).unwrap_or(1.0);
    (leading * decade) as u64
}

fn smooth(value: &mut Option<f64>, sample: f64) {
    // Never 0: some browsers' clocks tick in whole milliseconds.
    let sample = sample.max(1e-3);
    *value = Some(value.map_or(sample, |old| 0.8 * old + 0.2 * sample));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(step_millis: f64, evaluation_millis: f64) -> Pace {
        Pace {
            step_millis: Some(step_millis),
            evaluation_millis: Some(evaluation_millis),
            ..Pace::default()
        }
    }

    #[test]
    fn pictures_come_about_ten_times_a_second() {
        assert_eq!(pace(4.0, 10.0).next_picture(10_000), 10_020);
        assert_eq!(pace(0.5, 10.0).next_picture(10_000), 10_100);
    }

    #[test]
    fn evaluations_take_at_most_a_fifth_of_the_time() {
        // 80 ms an evaluation: 320 ms of training, 32 steps, rounded to 20.
        assert_eq!(pace(10.0, 80.0).next_picture(10_000), 10_020);
    }

    #[test]
    fn the_beginning_is_seen_step_by_step() {
        assert_eq!(pace(0.1, 0.1).next_picture(0), 1);
        assert_eq!(pace(0.1, 0.1).next_picture(7), 8);
        assert_eq!(pace(0.1, 0.1).next_picture(60), 70);
    }

    #[test]
    fn a_fixed_pace_is_kept_and_aligned() {
        let mut pace = pace(4.0, 10.0);
        pace.choose(Pictures::Every(25));
        assert_eq!(pace.next_picture(0), 25);
        assert_eq!(pace.next_picture(30), 50);
    }

    #[test]
    fn a_growing_pace_does_not_depend_on_where_it_starts() {
        let mut pace = pace(4.0, 10.0);
        pace.choose(Pictures::Growing);
        let mut steps = vec![0];
        while steps[steps.len() - 1] < 100_000 {
            steps.push(pace.next_picture(steps[steps.len() - 1]));
        }
        assert!(steps.len() < 500, "{}", steps.len());
        assert!(steps.windows(2).all(|pair| (pace.next_picture(pair[1] - 1)) == pair[1]));
    }

    #[test]
    fn strides_are_one_two_or_five_times_a_power_of_ten() {
        let strides: Vec<u64> =
            [0.3, 1.0, 2.0, 4.9, 5.0, 9.99, 10.0, 499.0].map(round_down).to_vec();
        assert_eq!(strides, [1, 1, 2, 2, 5, 5, 10, 200]);
    }
}
