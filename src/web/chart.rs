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

/// One chart. JavaScript sets its fields and calls a `draw` method.
#[wasm_bindgen]
pub struct Chart {
    canvas: HtmlCanvasElement,
    scale: f64,
    colors: Colors,
    log_steps: bool,
    marks: Vec<f64>,
}

struct Colors {
    ink: RGBColor,
    grid: RGBColor,
    train: RGBColor,
    held_out: RGBColor,
}

#[wasm_bindgen]
impl Chart {
    /// `scale` is device pixels per CSS pixel; the canvas' backing store must be its CSS size
    /// times that. Colours are 0xRRGGBB.
    #[wasm_bindgen(constructor)]
    pub fn new(
        canvas: HtmlCanvasElement,
        scale: f64,
        ink: u32,
        grid: u32,
        train: u32,
        held_out: u32,
    ) -> Chart {
        let colors =
            Colors { ink: rgb(ink), grid: rgb(grid), train: rgb(train), held_out: rgb(held_out) };
        Chart { canvas, scale, colors, log_steps: true, marks: Vec::new() }
    }

    /// Logarithmic or linear steps, and the steps at which to draw an upright line.
    pub fn axis(&mut self, log_steps: bool, marks: Vec<f64>) {
        self.log_steps = log_steps;
        self.marks = marks;
    }

    /// Accuracies from 0 to 1, of equal length with `steps`.
    #[wasm_bindgen(js_name = drawAccuracy)]
    pub fn draw_accuracy(
        &self,
        steps: &[f64],
        train: &[f64],
        held_out: &[f64],
    ) -> Result<(), JsValue> {
        let percent = |share: &f64| format!("{:.0} %", 100.0 * share);
        self.draw(steps, train, held_out, 0.0..1.02, 5, &percent).map_err(to_js)
    }

    /// Losses in nats, of equal length with `steps`.
    #[wasm_bindgen(js_name = drawLoss)]
    pub fn draw_loss(&self, steps: &[f64], train: &[f64], held_out: &[f64]) -> Result<(), JsValue> {
        let values = || train.iter().chain(held_out).map(|loss| loss.max(LOSS_FLOOR));
        let low = values().fold(1.0, f64::min) / 1.5;
        let high = values().fold(1.0, f64::max) * 1.5;
        // Decades come out of a logarithm as 0.9999999.
        let decade = |loss: &f64| match loss {
            0.005.. => format!("{}", (loss * 100.0).round() / 100.0),
            _ => format!("{loss:.0e}"),
        };
        self.draw(steps, train, held_out, (low..high).log_scale(), 5, &decade).map_err(to_js)
    }
}

impl Chart {
    fn draw<Y>(
        &self,
        steps: &[f64],
        train: &[f64],
        held_out: &[f64],
        y: Y,
        y_labels: usize,
        y_label: &dyn Fn(&f64) -> String,
    ) -> DrawResult
    where
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let backend = CanvasBackend::with_canvas_object(self.canvas.clone())
            .ok_or("the canvas has no 2D context")?;
        let area = backend.into_drawing_area();
        let last = steps.last().copied().unwrap_or(1.0);
        let series = [(train, self.colors.train, 1.5), (held_out, self.colors.held_out, 2.5)];
        if self.log_steps {
            let x = (1.0..last.max(10.0)).log_scale();
            self.draw_on(&area, steps, &series, x, y, y_labels, y_label)?;
        } else {
            self.draw_on(&area, steps, &series, 0.0..last.max(10.0), y, y_labels, y_label)?;
        }
        area.present()?;
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn draw_on<X, Y>(
        &self,
        area: &Area,
        steps: &[f64],
        series: &[(&[f64], RGBColor, f64)],
        x: X,
        y: Y,
        y_labels: usize,
        y_label: &dyn Fn(&f64) -> String,
    ) -> DrawResult
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let pixels = |css: f64| (css * self.scale).round() as u32;
        let text = (FONT, pixels(11.0)).into_font().color(&self.colors.ink);
        let mut chart = ChartBuilder::on(area)
            .margin_top(pixels(8.0))
            .margin_right(pixels(14.0))
            .x_label_area_size(pixels(22.0))
            .y_label_area_size(pixels(44.0))
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .x_labels(6)
            .y_labels(y_labels)
            .max_light_lines(0)
            .bold_line_style(self.colors.grid)
            .axis_style(self.colors.grid)
            .label_style(text)
            .x_label_formatter(&|step| format!("{step:.0}"))
            .y_label_formatter(&y_label)
            .draw()?;

        let (low, high) = (chart.y_range().start, chart.y_range().end);
        for &step in &self.marks {
            let style = self.colors.ink.stroke_width(pixels(1.0));
            let line = [(step, low), (step, high)];
            chart.draw_series(DashedLineSeries::new(line, pixels(2.0), pixels(3.0), style))?;
        }
        let first = chart.x_range().start;
        for (values, color, width) in series {
            let points = steps
                .iter()
                .zip(*values)
                .filter(|(step, _)| **step >= first)
                .map(|(&step, &value)| (step, value.clamp(low, high)));
            let style = color.stroke_width(pixels(*width));
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
