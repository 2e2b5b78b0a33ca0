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
/// Writes a value of an axis.
type Label = fn(&f64) -> String;
type DrawResult<T> = Result<T, Box<dyn std::error::Error>>;

/// One chart, made once for a canvas and fed. It keeps its lines from one drawing to the next.
#[wasm_bindgen]
pub struct Chart {
    canvas: HtmlCanvasElement,
    marks: Vec<f64>,
    guides: Vec<f64>,
    lines: Vec<Line>,
    /// What the x-axis covers at least.
    reach: Vec<f64>,
    /// Where the last drawing put values.
    frame: Option<Frame>,
}

#[derive(Default)]
struct Line {
    points: Vec<(f64, f64)>,
    color: RGBColor,
    /// In CSS pixels.
    width: f64,
    dot: f64,
}

/// How it is drawn on the page as it is now.
struct Style {
    /// Device pixels per CSS pixel.
    scale: f64,
    /// Height of the labels in CSS pixels.
    text: f64,
    ink: RGBColor,
    grid: RGBColor,
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

/// Values along one axis, and the pixels that the drawing gave them.
#[derive(Clone)]
struct Axis {
    low: f64,
    high: f64,
    log: bool,
    label: Label,
    name: &'static str,
}

/// The axes and the canvas' pixels that they were drawn on, from the left and from the bottom.
struct Frame {
    x: Axis,
    y: Axis,
    across: (f64, f64),
    up: (f64, f64),
    scale: f64,
}

#[wasm_bindgen]
impl Chart {
    /// A chart without lines.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement) -> Chart {
        Chart {
            canvas,
            marks: Vec::new(),
            guides: Vec::new(),
            lines: Vec::new(),
            reach: Vec::new(),
            frame: None,
        }
    }

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

    /// New points for a line; `x` and `y` have equal length.
    pub fn feed(&mut self, line: usize, x: &[f64], y: &[f64]) {
        self.lines[line].points = x.iter().copied().zip(y.iter().copied()).collect();
    }

    /// A line's colour, 0xRRGGBB; its `width` and `dot`, the radius of a mark on every point, in CSS
    /// pixels. 0 leaves either out.
    pub fn style(&mut self, line: usize, color: u32, width: f64, dot: f64) {
        let line = &mut self.lines[line];
        (line.color, line.width, line.dot) = (rgb(color), width, dot);
    }

    /// Draws on a cleared canvas whose backing store is its CSS size times `scale`, device pixels per
    /// CSS pixel. Labels are `text` CSS pixels high; colours are 0xRRGGBB.
    ///
    /// # Errors
    /// A message, if the canvas refuses the drawing.
    pub fn draw(
        &mut self,
        x: Scale,
        y: Scale,
        scale: f64,
        text: f64,
        ink: u32,
        grid: u32,
    ) -> Result<(), JsValue> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let points = || points().filter(|(x, y)| x.is_finite() && y.is_finite());
        let x = x.axis(points().map(|point| point.0).chain(self.reach.iter().copied()));
        let y = y.axis(points().map(|point| point.1));
        let style = Style { scale, text, ink: rgb(ink), grid: rgb(grid) };
        let (across, up) = self.draw_axes(&x, &y, &style).map_err(to_js)?;
        self.frame = Some(Frame { x, y, across, up, scale });
        Ok(())
    }

    /// CSS pixels from the canvas' left edge to a value on the x-axis, as last drawn.
    pub fn left(&self, value: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.x.place(value, frame.across) / frame.scale)
    }

    /// CSS pixels from the canvas' top edge to a value on the y-axis, as last drawn.
    pub fn top(&self, value: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.y.place(value, frame.up) / frame.scale)
    }

    /// The value on the x-axis so many CSS pixels from the left edge; at an end beyond it.
    pub fn value(&self, left: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.x.value(left * frame.scale, frame.across))
    }
}

impl Axis {
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
        let name = if matches!(self, Scale::Steps | Scale::LogSteps) { "step" } else { "" };
        Axis { low, high, log, label, name }
    }
}

/// First and last pixel, along the x-axis and up the y-axis.
type Pixels = ((f64, f64), (f64, f64));

impl Chart {
    fn draw_axes(&self, x: &Axis, y: &Axis, style: &Style) -> DrawResult<Pixels> {
        let backend = CanvasBackend::with_canvas_object(self.canvas.clone())
            .ok_or("the canvas has no 2D context")?;
        let area = backend.into_drawing_area();
        let (along, up) = (x.low..x.high, y.low..y.high);
        let axes = (x, y);
        let pixels = match (x.log, y.log) {
            (true, true) => self.draw_on(&area, along.log_scale(), up.log_scale(), axes, style)?,
            (true, false) => self.draw_on(&area, along.log_scale(), up, axes, style)?,
            (false, true) => self.draw_on(&area, along, up.log_scale(), axes, style)?,
            (false, false) => self.draw_on(&area, along, up, axes, style)?,
        };
        area.present()?;
        Ok(pixels)
    }

    fn draw_on<X, Y>(
        &self,
        area: &Area,
        x: X,
        y: Y,
        axes: (&Axis, &Axis),
        style: &Style,
    ) -> DrawResult<Pixels>
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let pixels = |css: f64| (css * style.scale).round() as u32;
        let text = (FONT, pixels(style.text)).into_font().color(&style.ink);
        let named = !axes.0.name.is_empty();
        let mut chart = ChartBuilder::on(area)
            .margin_top(pixels(8.0))
            .margin_right(pixels(style.text * 1.8))
            .x_label_area_size(pixels(style.text * if named { 3.0 } else { 1.8 }))
            .y_label_area_size(pixels(style.text * 3.8))
            .build_cartesian_2d(x, y)?;
        let mut mesh = chart.configure_mesh();
        mesh.x_labels(6)
            .y_labels(5)
            .max_light_lines(0)
            .disable_x_mesh()
            .bold_line_style(style.grid)
            .axis_style(style.grid)
            .label_style(text.clone())
            .x_label_formatter(&axes.0.label)
            .y_label_formatter(&axes.1.label);
        if named {
            mesh.x_desc(axes.0.name).axis_desc_style(text);
        }
        mesh.draw()?;

        let (low, high) = (chart.y_range().start, chart.y_range().end);
        let (first, last) = (chart.x_range().start, chart.x_range().end);
        let thin = style.ink.stroke_width(pixels(1.0));
        let upright = self.marks.iter().filter(|&mark| (first..=last).contains(mark));
        let upright = upright.map(|&at| [(at, low), (at, high)]);
        let level = self.guides.iter().filter(|&guide| (low..=high).contains(guide));
        let level = level.map(|&at| [(first, at), (last, at)]);
        for line in upright.chain(level) {
            chart.draw_series(DashedLineSeries::new(line, pixels(2.0), pixels(3.0), thin))?;
        }
        for line in &self.lines {
            let inside = |point: &&(f64, f64)| point.0 >= first && point.1.is_finite();
            let points = line.points.iter().filter(inside);
            let points = points.map(|&(step, value)| (step, value.clamp(low, high)));
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
        let (across, down) = chart.plotting_area().get_pixel_range();
        let ends = |pixels: std::ops::Range<i32>| (f64::from(pixels.start), f64::from(pixels.end));
        let (top, bottom) = ends(down);
        Ok((ends(across), (bottom, top)))
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
