//! Names as numbers: forces, units and scopes, each text held once.

use std::sync::Arc;

use polars::prelude::PlHashMap;

/// Number of a name, in order of first appearance.
pub(super) type NameId = u32;

#[derive(Default)]
pub struct Names {
    ids: PlHashMap<Arc<str>, NameId>,
    texts: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn id(&mut self, text: &str) -> NameId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let text: Arc<str> = text.into();
        let id = self.texts.len() as NameId;
        self.ids.insert(text.clone(), id);
        self.texts.push(text);
        id
    }

    pub(super) fn text(&self, id: NameId) -> &Arc<str> {
        &self.texts[id as usize]
    }

    /// All names, by number.
    pub fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }
}
