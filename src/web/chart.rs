//! The curves, drawn with plotters on a canvas of the page.

use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Losses below this are drawn at it: float32 has no finer ones that mean anything.
const LOSS_FLOOR: f64 = 1e-6;
const FONT: &str = "system-ui, sans-serif";

type Area = DrawingArea<CanvasBackend, Shift>;
/// Of a value on an axis.
type Label = fn(&f64) -> String;
type DrawResult = Result<(), Box<dyn std::error::Error>>;

/// One chart. JavaScript adds lines and draws them.
#[wasm_bindgen]
pub struct Chart {
    canvas: HtmlCanvasElement,
    scale: f64,
    ink: RGBColor,
    grid: RGBColor,
    marks: Vec<f64>,
    lines: Vec<Line>,
}

struct Line {
    points: Vec<(f64, f64)>,
    color: RGBColor,
    /// In CSS pixels.
    width: f64,
    dot: f64,
}

/// What an axis shows.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Scale {
    /// From 0.
    Steps,
    /// From 1, logarithmic.
    LogSteps,
    /// Logarithmic, around the steps that are there.
    Milestones,
    /// The same for other positive numbers.
    Numbers,
    /// From 0 to 1.
    Shares,
    /// Nats, logarithmic, with 1 among them.
    Losses,
}

struct Axis {
    low: f64,
    high: f64,
    log: bool,
    label: Label,
}

#[wasm_bindgen]
impl Chart {
    /// `scale` is device pixels per CSS pixel; the canvas' backing store must be its CSS size
    /// times that. Colours are 0xRRGGBB.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, scale: f64, ink: u32, grid: u32) -> Chart {
        let (ink, grid) = (rgb(ink), rgb(grid));
        Chart { canvas, scale, ink, grid, marks: Vec::new(), lines: Vec::new() }
    }

    /// Places on the x-axis at which to draw an upright line.
    pub fn mark(&mut self, marks: Vec<f64>) {
        self.marks = marks;
    }

    /// A line; `x` and `y` have equal length. `width` and `dot`, the radius of a mark on every
    /// point, are in CSS pixels; 0 leaves them out.
    pub fn add(&mut self, x: &[f64], y: &[f64], color: u32, width: f64, dot: f64) {
        let points = x.iter().copied().zip(y.iter().copied()).collect();
        self.lines.push(Line { points, color: rgb(color), width, dot });
    }

    pub fn draw(&self, x: Scale, y: Scale) -> Result<(), JsValue> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let x = x.axis(points().map(|point| point.0));
        let y = y.axis(points().map(|point| point.1));
        self.draw_axes(&x, &y).map_err(to_js)
    }
}

impl Scale {
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
            0.005.. => format!("{}", (value * 100.0).round() / 100.0),
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
            Scale::Losses => (f64::min(least, 1.0) / 1.5, f64::max(most, 1.0) * 1.5, true, decade),
        };
        Axis { low, high, log, label }
    }
}

impl Chart {
    fn draw_axes(&self, x: &Axis, y: &Axis) -> DrawResult {
        let area = self.area()?;
        let labels = (&x.label, &y.label);
        let (along, up) = (x.low..x.high, y.low..y.high);
        match (x.log, y.log) {
            (true, true) => self.draw_on(&area, along.log_scale(), up.log_scale(), labels)?,
            (true, false) => self.draw_on(&area, along.log_scale(), up, labels)?,
            (false, true) => self.draw_on(&area, along, up.log_scale(), labels)?,
            (false, false) => self.draw_on(&area, along, up, labels)?,
        }
        area.present()?;
        Ok(())
    }

    fn area(&self) -> Result<Area, Box<dyn std::error::Error>> {
        let backend = CanvasBackend::with_canvas_object(self.canvas.clone())
            .ok_or("the canvas has no 2D context")?;
        Ok(backend.into_drawing_area())
    }

    fn draw_on<X, Y>(
        &self,
        area: &Area,
        x: X,
        y: Y,
        (x_label, y_label): (&Label, &Label),
    ) -> DrawResult
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let pixels = |css: f64| (css * self.scale).round() as u32;
        let text = (FONT, pixels(11.0)).into_font().color(&self.ink);
        let mut chart = ChartBuilder::on(area)
            .margin_top(pixels(8.0))
            .margin_right(pixels(14.0))
            .x_label_area_size(pixels(22.0))
            .y_label_area_size(pixels(44.0))
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(5)
            .max_light_lines(0)
            .bold_line_style(self.grid)
            .axis_style(self.grid)
            .label_style(text)
            .x_label_formatter(x_label)
            .y_label_formatter(y_label)
            .draw()?;

        let (low, high) = (chart.y_range().start, chart.y_range().end);
        let (first, last) = (chart.x_range().start, chart.x_range().end);
        for &step in self.marks.iter().filter(|&mark| (first..=last).contains(mark)) {
            let style = self.ink.stroke_width(pixels(1.0));
            let line = [(step, low), (step, high)];
            chart.draw_series(DashedLineSeries::new(line, pixels(2.0), pixels(3.0), style))?;
        }
        for line in &self.lines {
            let points = line.points.iter().filter(|point| point.0 >= first);
            let points = points.map(|&(step, value)| (step, value.clamp(low, high)));
            if line.dot > 0.0 {
                let style = line.color.filled();
                chart.draw_series(
                    points.clone().map(|at| Circle::new(at, pixels(line.dot), style)),
                )?;
            }
            if line.width > 0.0 {
                let style = line.color.stroke_width(pixels(line.width));
                chart.draw_series(LineSeries::new(points, style))?;
            }
        }
        Ok(())
    }
}

/// 0xRRGGBB.
fn rgb(color: u32) -> RGBColor {
    let [_, red, green, blue] = color.to_be_bytes();
    RGBColor(red, green, blue)
}

fn to_js(error: Box<dyn std::error::Error>) -> JsValue {
    JsValue::from_str(&error.to_string())
}
