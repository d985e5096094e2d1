//! Progress for people: a bar on a terminal, plain lines in a log.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::domain::visible_lines;
use crate::pipeline::Progress;

/// The right kind for standard error.
pub fn for_stderr() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() { Box::new(Bar::new()) } else { Box::new(Lines::default()) }
}

struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{elapsed_precise} {msg:36!} {wide_bar} {percent:>3}%") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Progress for Bar {
    fn stage(&self, name: &str) {
        self.0.set_length(0);
        self.0.set_position(0);
        self.0.set_message(visible_lines(name).into_owned());
    }

    fn advance(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    fn warn(&self, message: &str) {
        self.0.suspend(|| eprintln!("warning: {}", visible_lines(message)));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line a stage, with the seconds that the one before took.
#[derive(Default)]
struct Lines(Mutex<Option<(String, Instant)>>);

impl Lines {
    fn close(&self) {
        let last = self.0.lock().ok().and_then(|mut last| last.take());
        if let Some((name, since)) = last {
            eprintln!("{}: {:.1} s", visible_lines(&name), since.elapsed().as_secs_f64());
        }
    }
}

impl Progress for Lines {
    fn stage(&self, name: &str) {
        self.close();
        if let Ok(mut last) = self.0.lock() {
            *last = Some((name.to_owned(), Instant::now()));
        }
    }

    fn advance(&self, _: u64, _: u64) {}

    fn warn(&self, message: &str) {
        eprintln!("warning: {}", visible_lines(message));
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.close();
    }
}
