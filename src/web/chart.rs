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
type DrawResult = Result<(), Box<dyn std::error::Error>>;

/// One chart over the steps. JavaScript adds lines and calls a `draw` method.
#[wasm_bindgen]
pub struct Chart {
    canvas: HtmlCanvasElement,
    scale: f64,
    ink: RGBColor,
    grid: RGBColor,
    log_steps: bool,
    marks: Vec<f64>,
    lines: Vec<Line>,
}

struct Line {
    points: Vec<(f64, f64)>,
    color: RGBColor,
    /// In CSS pixels.
    width: f64,
}

#[wasm_bindgen]
impl Chart {
    /// `scale` is device pixels per CSS pixel; the canvas' backing store must be its CSS size
    /// times that. Colours are 0xRRGGBB.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, scale: f64, ink: u32, grid: u32) -> Chart {
        let (ink, grid) = (rgb(ink), rgb(grid));
        Chart { canvas, scale, ink, grid, log_steps: true, marks: Vec::new(), lines: Vec::new() }
    }

    /// Logarithmic or linear steps, and the steps at which to draw an upright line.
    pub fn axis(&mut self, log_steps: bool, marks: Vec<f64>) {
        self.log_steps = log_steps;
        self.marks = marks;
    }

    /// A line; `steps` and `values` have equal length, `width` is in CSS pixels.
    pub fn add(&mut self, steps: &[f64], values: &[f64], color: u32, width: f64) {
        let points = steps.iter().copied().zip(values.iter().copied()).collect();
        self.lines.push(Line { points, color: rgb(color), width });
    }

    /// Shares from 0 to 1.
    #[wasm_bindgen(js_name = drawShares)]
    pub fn draw_shares(&self) -> Result<(), JsValue> {
        self.draw(0.0..1.02, &|share| format!("{:.0} %", 100.0 * share)).map_err(to_js)
    }

    /// Losses in nats, on a logarithmic axis.
    #[wasm_bindgen(js_name = drawLosses)]
    pub fn draw_losses(&self) -> Result<(), JsValue> {
        let values = || self.values().map(|loss| loss.max(LOSS_FLOOR));
        let low = values().fold(1.0, f64::min) / 1.5;
        let high = values().fold(1.0, f64::max) * 1.5;
        // Decades come out of a logarithm as 0.9999999.
        let decade = |loss: &f64| match loss {
            0.005.. => format!("{}", (loss * 100.0).round() / 100.0),
            _ => format!("{loss:.0e}"),
        };
        self.draw((low..high).log_scale(), &decade).map_err(to_js)
    }

    /// Steps, on a logarithmic axis, over train fractions instead of over steps.
    #[wasm_bindgen(js_name = drawEfficiency)]
    pub fn draw_efficiency(&self) -> Result<(), JsValue> {
        let low = self.values().fold(100.0, f64::min) / 1.5;
        let high = self.values().fold(1000.0, f64::max) * 1.5;
        let percent = |share: &f64| format!("{:.0} %", 100.0 * share);
        let steps = |step: &f64| format!("{step:.0}");
        self.area()
            .and_then(|area| {
                let y = (low.max(0.5)..high).log_scale();
                self.draw_on(&area, 0.0..1.0, y, &percent, &steps, 3.0)?;
                Ok(area.present()?)
            })
            .map_err(to_js)
    }
}

impl Chart {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.1))
    }

    fn draw<Y>(&self, y: Y, y_label: &dyn Fn(&f64) -> String) -> DrawResult
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let area = self.area()?;
        let step_label = |step: &f64| format!("{step:.0}");
        let steps = self.lines.iter().filter_map(|line| line.points.last());
        let last = steps.map(|point| point.0).fold(10.0, f64::max);
        match self.log_steps {
            true => self.draw_on(&area, (1.0..last).log_scale(), y, &step_label, y_label, 0.0)?,
            false => self.draw_on(&area, 0.0..last, y, &step_label, y_label, 0.0)?,
        }
        area.present()?;
        Ok(())
    }

    fn area(&self) -> Result<Area, Box<dyn std::error::Error>> {
        let backend = CanvasBackend::with_canvas_object(self.canvas.clone())
            .ok_or("the canvas has no 2D context")?;
        Ok(backend.into_drawing_area())
    }

    /// `dot` is the radius of a mark on every point, in CSS pixels.
    fn draw_on<X, Y>(
        &self,
        area: &Area,
        x: X,
        y: Y,
        x_label: &dyn Fn(&f64) -> String,
        y_label: &dyn Fn(&f64) -> String,
        dot: f64,
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
            .x_label_formatter(&x_label)
            .y_label_formatter(&y_label)
            .draw()?;

        let (low, high) = (chart.y_range().start, chart.y_range().end);
        for &step in &self.marks {
            let style = self.ink.stroke_width(pixels(1.0));
            let line = [(step, low), (step, high)];
            chart.draw_series(DashedLineSeries::new(line, pixels(2.0), pixels(3.0), style))?;
        }
        let first = chart.x_range().start;
        for line in &self.lines {
            let points = line.points.iter().filter(|point| point.0 >= first);
            let points = points.map(|&(step, value)| (step, value.clamp(low, high)));
            let style = line.color.stroke_width(pixels(line.width));
            if dot > 0.0 {
                let dots =
                    points.clone().map(|at| Circle::new(at, pixels(dot), line.color.filled()));
                chart.draw_series(dots)?;
            }
            chart.draw_series(LineSeries::new(points, style))?;
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
