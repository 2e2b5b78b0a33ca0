//! A [`chart::Chart`] on a canvas of the page.

use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::chart::{self, Frame, Scale, Style};

/// One chart, made once for a canvas and fed. It keeps its lines from one drawing to the next.
#[wasm_bindgen]
pub struct Chart {
    canvas: HtmlCanvasElement,
    chart: chart::Chart,
    /// Where the last drawing put values.
    frame: Option<Frame>,
}

#[wasm_bindgen]
impl Chart {
    /// A chart without lines.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement) -> Chart {
        Chart { canvas, chart: chart::Chart::default(), frame: None }
    }

    /// Places on the x-axis for upright lines, and on the y-axis for level ones.
    pub fn mark(&mut self, marks: Vec<f64>, guides: Vec<f64>) {
        self.chart.mark(marks, guides);
    }

    /// Values that the x-axis covers, whether or not there are points.
    pub fn reach(&mut self, values: Vec<f64>) {
        self.chart.reach(values);
    }

    /// How many lines there are; what is beyond is forgotten.
    pub fn keep(&mut self, lines: usize) {
        self.chart.keep(lines);
    }

    /// New points for a line; `x` and `y` have equal length.
    pub fn feed(&mut self, line: usize, x: &[f64], y: &[f64]) {
        self.chart.feed(line, x.iter().copied().zip(y.iter().copied()));
    }

    /// A line's colour, 0xRRGGBB; its `width` and `dot`, the radius of a mark on every point, in CSS
    /// pixels. 0 leaves either out.
    pub fn style(&mut self, line: usize, color: u32, width: f64, dot: f64) {
        self.chart.style(line, color, width, dot);
    }

    /// Draws on a cleared canvas whose backing store is its CSS size times `scale`, device pixels per
    /// CSS pixel. `x` and `y` name a [`Scale`]; labels are `text` CSS pixels high; colours are 0xRRGGBB.
    ///
    /// # Errors
    /// A message, if there is no such scale, or the canvas refuses the drawing.
    pub fn draw(
        &mut self,
        x: &str,
        y: &str,
        scale: f64,
        text: f64,
        ink: u32,
        grid: u32,
    ) -> Result<(), JsValue> {
        let canvas = CanvasBackend::with_canvas_object(self.canvas.clone());
        let canvas = canvas.ok_or_else(|| JsValue::from_str("the canvas has no 2D context"))?;
        let style = Style { scale, text, ink, grid };
        self.frame =
            Some(self.chart.draw(canvas, scale_of(x)?, scale_of(y)?, style).map_err(to_js)?);
        Ok(())
    }

    /// The same as an SVG element of so many CSS pixels.
    ///
    /// # Errors
    /// A message, if there is no such scale, or a label cannot be laid out.
    #[allow(clippy::too_many_arguments)]
    pub fn svg(
        &self,
        width: f64,
        height: f64,
        x: &str,
        y: &str,
        text: f64,
        ink: u32,
        grid: u32,
    ) -> Result<String, JsValue> {
        let style = Style { scale: 1.0, text, ink, grid };
        self.chart
            .svg((width as u32, height as u32), scale_of(x)?, scale_of(y)?, style)
            .map_err(to_js)
    }

    /// CSS pixels from the canvas' left edge to a value on the x-axis, as last drawn.
    pub fn left(&self, value: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.left(value))
    }

    /// CSS pixels from the canvas' top edge to a value on the y-axis, as last drawn.
    pub fn top(&self, value: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.top(value))
    }

    /// The value on the x-axis so many CSS pixels from the left edge; at an end beyond it.
    pub fn value(&self, left: f64) -> f64 {
        self.frame.as_ref().map_or(0.0, |frame| frame.value(left))
    }
}

fn scale_of(name: &str) -> Result<Scale, JsValue> {
    Scale::named(name).ok_or_else(|| JsValue::from_str(&format!("there is no scale `{name}`")))
}

fn to_js(error: Box<dyn std::error::Error>) -> JsValue {
    JsValue::from_str(&error.to_string())
}
