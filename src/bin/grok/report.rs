//! What a run tells on the terminal.

use std::io::Write;
use std::time::Duration;

use grokking::session::Curves;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::Failure;

/// Prints to standard output, and says if it cannot.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(Failure::Output)
}

/// One line of JSON without the arrays of the table.
pub fn json_line(event: &impl serde::Serialize) -> Result<(), Failure> {
    let mut line = json!(event).to_string();
    line.push('\n');
    print(&line)
}

/// A line that is drawn over and over on a terminal, and not at all elsewhere.
pub fn progress(budget: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} steps, {eta} left  {msg}")
        .expect("the template is well formed");
    let progress = ProgressBar::new(budget).with_style(style);
    progress.enable_steady_tick(Duration::from_millis(200));
    progress
}

/// The same for the runs of a sweep.
pub fn runs_progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} runs, {eta} left  {msg}")
        .expect("the template is well formed");
    let progress = ProgressBar::new(0).with_style(style);
    progress.enable_steady_tick(Duration::from_millis(200));
    progress
}

pub fn progress_message(point: &Curves) -> String {
    let speed = point.steps_per_second.map_or("-".into(), |speed| format!("{speed:.1}"));
    // Where held-out cells are of two kinds, one number says too little.
    let mirrors = match (point.mirrored_accuracy, point.unmirrored_accuracy) {
        (Some(mirrored), Some(unmirrored)) => format!(
            " (mirror image trained on {:.1} %, held out {:.1} %)",
            100.0 * mirrored,
            100.0 * unmirrored
        ),
        _ => String::new(),
    };
    format!(
        "{speed} steps/s  train {:.1} %  held out {:.1} %{mirrors}  loss {:.4} / {:.4}",
        100.0 * point.train_accuracy,
        100.0 * point.held_out_accuracy,
        point.train_loss,
        point.held_out_loss
    )
}

/// The end of a run in words.
pub fn summary(point: &Curves, seconds: f64) -> String {
    let milestone = |verb: &str, at: Option<u64>| match at {
        Some(step) => format!("{verb} at step {step}"),
        None => format!("not {verb}"),
    };
    let mut text = format!(
        "{}, {}",
        milestone("memorised", point.memorised_at),
        milestone("generalised", point.generalised_at)
    );
    if let (Some(memorised), Some(generalised)) = (point.memorised_at, point.generalised_at)
        && memorised > 0
    {
        text.push_str(&format!(": {:.1} times later", generalised as f64 / memorised as f64));
    }
    format!("{text}\n{} steps in {seconds:.1} s, {}\n", point.step, progress_message(point))
}
