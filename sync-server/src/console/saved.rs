//! Views of lists that people save: a name and an address of ours.

use super::Console;
use super::desk::Away;
use super::problem::{failure, page as told_page, problem};
use super::routes::own_path;
use super::session::Visitor;
use super::view::ViewLink;
use super::viewer::Viewer;
use crate::admin::Refused;
use crate::error::Result;
use crate::secrets::random;
use crate::storage::Read;
use crate::storage::console::SavedView;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::text::Text;
use serde::Deserialize;

/// Views of one person.
const MOST: usize = 50;
/// Characters of a name and an address.
const NAME: usize = 60;
const ADDRESS: usize = 1_500;

/// What the form sends.
#[derive(Deserialize)]
pub struct Save {
    csrf: String,
    back: String,
    #[serde(default)]
    name: String,
}

/// What became of a form.
enum Saved {
    Done,
    No(Refused),
    Away(Away),
}

/// The views of a page, which is the path of an address.
pub fn views(tx: &dyn Read, viewer: &Viewer, path: &str, here: &str) -> Result<Vec<ViewLink>> {
    let own = tx.views_of(viewer.person.id)?.into_iter();
    let of_page = own.filter(|view| view.address.split('?').next() == Some(path));
    Ok(of_page
        .map(|view| ViewLink {
            id: hex::encode(view.view),
            here: view.address == here,
            name: view.name,
            href: view.address,
        })
        .collect())
}

/// Saves where the form was.
pub async fn save(
    State(console): State<Console>,
    headers: HeaderMap,
    form: std::result::Result<Form<Save>, FormRejection>,
) -> Response {
    change(console, headers, form, None).await
}

/// Forgets a view.
pub async fn remove(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: std::result::Result<Form<Save>, FormRejection>,
) -> Response {
    let mut view = [0; 16];
    let known = hex::decode_to_slice(&id, &mut view).is_ok();
    if !known {
        return problem(Visitor::of(&headers, console.secure).lang, StatusCode::NOT_FOUND);
    }
    change(console, headers, form, Some(view)).await
}

async fn change(
    console: Console,
    headers: HeaderMap,
    form: std::result::Result<Form<Save>, FormRejection>,
    remove: Option<[u8; 16]>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(form)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let back = own_path(&form.back).to_owned();
    match console.blocking(move |console| carry_out(console, &visitor, &form, remove)).await {
        Ok(Saved::Done) => Redirect::to(&back).into_response(),
        Ok(Saved::No(why)) => {
            told_page(lang, StatusCode::CONFLICT, &why.text(), &Text::default(), Some(&back))
        }
        Ok(Saved::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Saved::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

fn carry_out(console: &Console, visitor: &Visitor, form: &Save, remove: Option<[u8; 16]>) -> Result<Saved> {
    let mut desk = match console.desk(visitor, &form.csrf)? {
        Ok(desk) => desk,
        Err(away) => return Ok(Saved::Away(away)),
    };
    let person = desk.guest.viewer.person.id;
    match remove {
        Some(view) => desk.tx.remove_view(person, &view)?,
        None => {
            let name: String = form.name.trim().chars().filter(|c| !c.is_control()).take(NAME).collect();
            let address = own_path(&form.back);
            if name.is_empty() || address.len() > ADDRESS {
                return Ok(Saved::No(Refused::new("view-bad", &[("max", &NAME)])));
            }
            if desk.tx.views_of(person)?.len() >= MOST {
                return Ok(Saved::No(Refused::new("views-many", &[("max", &MOST)])));
            }
            let (view, address) = (random()?, address.to_owned());
            desk.tx.put_view(&SavedView { view, person, name, address })?;
        }
    }
    desk.tx.commit()?;
    Ok(Saved::Done)
}
