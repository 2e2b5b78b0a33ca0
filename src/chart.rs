//! Curves, drawn with plotters on whatever it draws on: a canvas of the page, or an SVG file.

use plotters::coord::ranged1d::{
    BoldPoints, KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter,
};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// Losses below this are drawn at it: float32 has no finer ones that mean anything.
const LOSS_FLOOR: f64 = 1e-6;
const FONT: &str = "system-ui, sans-serif";

/// Writes a value of an axis.
type Label = fn(&f64) -> String;
/// What a backend may refuse.
pub type DrawResult<T> = Result<T, Box<dyn std::error::Error>>;

/// Lines, and what is marked on the axes.
#[derive(Default)]
pub struct Chart {
    marks: Vec<f64>,
    guides: Vec<f64>,
    lines: Vec<Line>,
    /// What the x-axis covers at least.
    reach: Vec<f64>,
}

#[derive(Default)]
struct Line {
    points: Vec<(f64, f64)>,
    color: RGBColor,
    /// In CSS pixels.
    width: f64,
    dot: f64,
}

/// How it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Pixels of what it is drawn on per CSS pixel.
    pub scale: f64,
    /// Height of the labels in CSS pixels.
    pub text: f64,
    /// Colour of the labels, 0xRRGGBB.
    pub ink: u32,
    /// Colour of the axes, 0xRRGGBB.
    pub grid: u32,
}

/// What an axis shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// From 0.
    Steps,
    /// From 1, logarithmic.
    LogSteps,
    /// Logarithmic, around the steps that are there.
    Milestones,
    /// The same for other positive numbers.
    Numbers,
    /// From 0 to 1, in percent.
    Shares,
    /// From 0 to 1, where that is no share.
    Measures,
    /// Nats, logarithmic, with 1 among them.
    Losses,
}

/// Values along one axis, and the pixels that the drawing gave them.
#[derive(Clone)]
struct Axis {
    low: f64,
    high: f64,
    log: bool,
    label: Label,
    name: &'static str,
}

/// Where a drawing put values: the axes and the pixels that they were drawn on, from the left and from the
/// bottom.
pub struct Frame {
    x: Axis,
    y: Axis,
    across: (f64, f64),
    up: (f64, f64),
    scale: f64,
}

impl Chart {
    /// Places on the x-axis for upright lines, and on the y-axis for level ones.
    pub fn mark(&mut self, marks: Vec<f64>, guides: Vec<f64>) {
        self.marks = marks;
        self.guides = guides;
    }

    /// Values that the x-axis covers, whether or not there are points.
    pub fn reach(&mut self, values: Vec<f64>) {
        self.reach = values;
    }

    /// How many lines there are; what is beyond is forgotten.
    pub fn keep(&mut self, lines: usize) {
        self.lines.resize_with(lines, Line::default);
    }

    /// New points for a line, which leaves out what is not finite.
    ///
    /// # Panics
    /// If there is no such line.
    pub fn feed(&mut self, line: usize, points: impl IntoIterator<Item = (f64, f64)>) {
        self.lines[line].points = points.into_iter().collect();
    }

    /// A line's colour, 0xRRGGBB; its `width` and `dot`, the radius of a mark on every point, in CSS
    /// pixels. 0 leaves either out.
    ///
    /// # Panics
    /// If there is no such line.
    pub fn style(&mut self, line: usize, color: u32, width: f64, dot: f64) {
        let line = &mut self.lines[line];
        (line.color, line.width, line.dot) = (rgb(color), width, dot);
    }

    /// Draws it, and says where.
    ///
    /// # Errors
    /// That of the backend.
    pub fn draw<B: DrawingBackend<ErrorType: 'static>>(
        &self,
        backend: B,
        x: Scale,
        y: Scale,
        style: Style,
    ) -> DrawResult<Frame> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let points = || points().filter(|(x, y)| x.is_finite() && y.is_finite());
        let x = x.axis(points().map(|point| point.0).chain(self.reach.iter().copied()));
        let y = y.axis(points().map(|point| point.1));
        let (across, up) = self.draw_axes(backend, &x, &y, &style)?;
        Ok(Frame { x, y, across, up, scale: style.scale })
    }

    /// The same as an SVG element of `size`, width and height in CSS pixels.
    ///
    /// # Errors
    /// If a label cannot be laid out.
    pub fn svg(&self, size: (u32, u32), x: Scale, y: Scale, style: Style) -> DrawResult<String> {
        let mut text = String::new();
        self.draw(SVGBackend::with_string(&mut text, size), x, y, style)?;
        Ok(text)
    }
}

impl Frame {
    /// CSS pixels from the left edge to a value on the x-axis.
    pub fn left(&self, value: f64) -> f64 {
        self.x.place(value, self.across) / self.scale
    }

    /// CSS pixels from the top edge to a value on the y-axis.
    pub fn top(&self, value: f64) -> f64 {
        self.y.place(value, self.up) / self.scale
    }

    /// The value on the x-axis so many CSS pixels from the left edge; at an end beyond it.
    pub fn value(&self, left: f64) -> f64 {
        self.x.value(left * self.scale, self.across)
    }
}

impl Axis {
    /// With about so many labels.
    fn coordinate(&self, labels: usize) -> Coordinate<'_> {
        let ticks = match self.log {
            true => ticks(self.low, self.high),
            false => RangedCoordf64::from(self.low..self.high).key_points(BoldPoints(labels)),
        };
        Coordinate { axis: self, ticks }
    }

    /// The pixel of a value, where `low` and `high` are at the pixels `from` and `to`.
    fn place(&self, value: f64, (from, to): (f64, f64)) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = match self.log {
            true => (value / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        };
        from + share * (to - from)
    }

    fn value(&self, pixel: f64, (from, to): (f64, f64)) -> f64 {
        let share = ((pixel - from) / (to - from)).clamp(0.0, 1.0);
        match self.log {
            true => self.low * (self.high / self.low).powf(share),
            false => self.low + share * (self.high - self.low),
        }
    }
}

impl Scale {
    /// By its name here, such as `LogSteps`.
    pub fn named(name: &str) -> Option<Scale> {
        let all = [
            Scale::Steps,
            Scale::LogSteps,
            Scale::Milestones,
            Scale::Numbers,
            Scale::Shares,
            Scale::Measures,
            Scale::Losses,
        ];
        all.into_iter().find(|scale| format!("{scale:?}") == name)
    }

    fn axis(self, values: impl Iterator<Item = f64>) -> Axis {
        let floor = match self {
            Scale::Losses => LOSS_FLOOR,
            Scale::Numbers => 1e-30,
            _ => 0.5,
        };
        let (least, most) = values
            .map(|value| value.max(floor))
            .fold((f64::INFINITY, 0.0), |(least, most), value| (value.min(least), value.max(most)));
        let whole = |step: &f64| format!("{step:.0}");
        // Decades come out of a logarithm as 0.9999999.
        let decade = |value: &f64| match value {
            0.005.. => hundredths(value),
            _ => format!("{value:.0e}"),
        };
        let percent = |share: &f64| format!("{:.0} %", 100.0 * share);
        let (low, high, log, label): (f64, f64, bool, Label) = match self {
            Scale::Steps => (0.0, f64::max(most, 10.0), false, whole),
            Scale::LogSteps => (1.0, f64::max(most, 10.0), true, whole),
            Scale::Milestones | Scale::Numbers => {
                let label: Label = if matches!(self, Scale::Numbers) { decade } else { whole };
                let least = if least.is_finite() { least / 1.3 } else { 100.0 };
                // A decade at least, so that it has labels.
                (least, f64::max(most * 1.3, 12.0 * least), true, label)
            }
            Scale::Shares => (0.0, 1.02, false, percent),
            Scale::Measures => (0.0, 1.02, false, hundredths),
            Scale::Losses => (f64::min(least, 1.0) / 1.5, f64::max(most, 1.0) * 1.5, true, decade),
        };
        let name = if matches!(self, Scale::Steps | Scale::LogSteps) { "step" } else { "" };
        Axis { low, high, log, label, name }
    }
}

/// An axis as plotters asks for it, with the values that have labels.
struct Coordinate<'a> {
    axis: &'a Axis,
    ticks: Vec<f64>,
}

impl Ranged for Coordinate<'_> {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        self.axis.place(*value, (f64::from(from), f64::from(to))).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, _: H) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.axis.low..self.axis.high
    }
}

impl ValueFormatter<f64> for Coordinate<'_> {
    fn format_ext(&self, value: &f64) -> String {
        (self.axis.label)(value)
    }
}

/// Most labels of a logarithmic axis, and about how many others have.
const TICKS: usize = 6;
const X_LABELS: usize = 6;
const Y_LABELS: usize = 5;

/// First and last pixel, along the x-axis and up the y-axis.
type Pixels = ((f64, f64), (f64, f64));

impl Chart {
    fn draw_axes<B: DrawingBackend<ErrorType: 'static>>(
        &self,
        backend: B,
        x: &Axis,
        y: &Axis,
        style: &Style,
    ) -> DrawResult<Pixels> {
        let area = backend.into_drawing_area();
        let pixels = |css: f64| (css * style.scale).round() as u32;
        let (ink, grid) = (rgb(style.ink), rgb(style.grid));
        let text = (FONT, pixels(style.text)).into_font().color(&ink);
        let named = !x.name.is_empty();
        let mut chart = ChartBuilder::on(&area)
            .margin_top(pixels(8.0))
            .margin_right(pixels(style.text * 1.8))
            .x_label_area_size(pixels(style.text * if named { 3.0 } else { 1.8 }))
            .y_label_area_size(pixels(style.text * 3.8))
            .build_cartesian_2d(x.coordinate(X_LABELS), y.coordinate(Y_LABELS))?;
        let mut mesh = chart.configure_mesh();
        mesh.max_light_lines(0)
            .disable_x_mesh()
            .bold_line_style(grid)
            .axis_style(grid)
            .label_style(text.clone());
        if named {
            mesh.x_desc(x.name).axis_desc_style(text);
        }
        mesh.draw()?;

        let thin = ink.stroke_width(pixels(1.0));
        let upright = self.marks.iter().filter(|&mark| (x.low..=x.high).contains(mark));
        let upright = upright.map(|&mark| [(mark, y.low), (mark, y.high)]);
        let level = self.guides.iter().filter(|&guide| (y.low..=y.high).contains(guide));
        let level = level.map(|&guide| [(x.low, guide), (x.high, guide)]);
        for line in upright.chain(level) {
            chart.draw_series(DashedLineSeries::new(line, pixels(2.0), pixels(3.0), thin))?;
        }
        for line in &self.lines {
            let inside = |point: &&(f64, f64)| point.0 >= x.low && point.1.is_finite();
            let points = line.points.iter().filter(inside);
            let points = points.map(|&(across, up)| (across, up.clamp(y.low, y.high)));
            if line.dot > 0.0 {
                let filled = line.color.filled();
                chart.draw_series(
                    points.clone().map(|at| Circle::new(at, pixels(line.dot), filled)),
                )?;
            }
            if line.width > 0.0 {
                let stroke = line.color.stroke_width(pixels(line.width));
                chart.draw_series(LineSeries::new(points, stroke))?;
            }
        }
        area.present()?;
        let (across, down) = chart.plotting_area().get_pixel_range();
        let ends = |pixels: std::ops::Range<i32>| (f64::from(pixels.start), f64::from(pixels.end));
        let (top, bottom) = ends(down);
        Ok((ends(across), (bottom, top)))
    }
}

/// What is written beside a logarithmic axis: powers of 10, not too many, and between few of them 2 and 5 times
/// each as well.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let of = |factors: &'static [f64]| {
        let all =
            decades.clone().flat_map(|power| factors.iter().map(move |f| f * 10f64.powi(power)));
        all.filter(|value| (low..=high).contains(value)).collect::<Vec<f64>>()
    };
    let fine = of(&[1.0, 2.0, 5.0]);
    if fine.len() <= TICKS {
        return fine;
    }
    let powers = of(&[1.0]);
    powers.iter().copied().step_by(powers.len().div_ceil(TICKS)).collect()
}

/// A value without digits that it does not need.
fn hundredths(value: &f64) -> String {
    format!("{}", (value * 100.0).round() / 100.0)
}

/// 0xRRGGBB.
fn rgb(color: u32) -> RGBColor {
    let [_, red, green, blue] = color.to_be_bytes();
    RGBColor(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_has_labels_that_are_read_off() {
        assert_eq!(ticks(290.0, 5_500.0), [500.0, 1_000.0, 2_000.0, 5_000.0]);
        assert_eq!(ticks(1.0, 10_000.0), [1.0, 10.0, 100.0, 1_000.0, 10_000.0]);
        assert_eq!(ticks(1e-9, 10.0), [1e-9, 1e-7, 1e-5, 1e-3, 1e-1, 1e1]);
    }

    #[test]
    fn a_measure_is_not_written_as_a_share() {
        let labels = |scale: Scale| {
            let axis = scale.axis([0.0, 1.0].into_iter());
            [0.0, 0.2, 1.0].map(|value| (axis.label)(&value))
        };
        assert_eq!(labels(Scale::Shares), ["0 %", "20 %", "100 %"]);
        assert_eq!(labels(Scale::Measures), ["0", "0.2", "1"]);
    }
}
