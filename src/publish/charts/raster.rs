//! SVG → PNG, with the embedded fonts alone.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::{ChartError, FONT_BOLD, FONT_REGULAR, text};

/// Pixels of the PNG to a CSS pixel of the SVG, each way.
const SCALE: f32 = 2.0;

/// A chart's SVG as a PNG at twice its size. System fonts are not looked at: the same SVG gives the same bytes anywhere.
///
/// # Errors
/// The text is not SVG, or its size is zero or too large for memory.
pub fn rasterise(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = parse(svg)?;
    let size = tree.size().to_int_size().scale_by(SCALE);
    let mut pixmap = size
        .and_then(|s| Pixmap::new(s.width(), s.height()))
        .ok_or_else(|| ChartError::Raster(format!("a picture of {:?} cannot be made", tree.size())))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|e| ChartError::Raster(e.to_string()))
}

/// The SVG as resvg sees it, text laid out.
pub(super) fn parse(svg: &str) -> Result<Tree, ChartError> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(FONT_REGULAR.to_vec());
        fonts.load_font_data(FONT_BOLD.to_vec());
        fonts.set_sans_serif_family(text::FAMILY);
        Arc::new(fonts)
    });
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|e| ChartError::Raster(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn png_is_twice_the_size_and_the_same_each_time() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20" viewBox="0 0 240 160">
            <text x="10" y="100" font-family="Inter,sans-serif" font-size="96">Ab</text></svg>"#;
        let png = rasterise(svg).unwrap();
        // A PNG's width and height stand in bytes 16 to 23 (PNG specification, IHDR).
        assert_eq!(&png[16..24], &[0, 0, 0, 60, 0, 0, 0, 40]);
        assert_eq!(png, rasterise(svg).unwrap());
        let blank = rasterise(r#"<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>"#).unwrap();
        assert!(png.len() > blank.len(), "text is drawn");
    }

    #[test]
    fn what_is_not_svg_is_an_error() {
        for bad in ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>", "plain"] {
            assert!(rasterise(bad).is_err(), "{bad}");
        }
    }
}
