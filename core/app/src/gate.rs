//! Before somebody is signed in: who is it, the PIN, a new device.

use crate::ask::{Given, Input, Question};
use crate::capture::{self, Took};
use crate::machine::Machine;
use crate::phone::{Done, Gate, Inner};
use crate::reps::Reps;
use crate::screen::{Badge, Block, Button, Line, Screen, Sure, Tone};
use crate::session::lock;
use crate::tap::Tap;
use crate::words::{plain, say, wrong};
use rounds_device::sync::transport::Http;
use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;
use std::sync::Arc;

/// Where the app begins.
pub(crate) fn first(reps: &Reps, machine: &Machine) -> Result<Gate, RoundsError> {
    let all = reps.all(machine)?;
    if let Some(unpinned) = all.iter().find(|rep| !rep.pinned) {
        return Ok(Gate::FirstPin(unpinned.id.clone()));
    }
    Ok(match all.as_slice() {
        [] => enrol(machine),
        [one] => Gate::Pin(one.id.clone()),
        _ => Gate::Reps,
    })
}

fn enrol(machine: &Machine) -> Gate {
    Gate::Enrol { server: String::new(), code: String::new(), device: machine.device_name.clone() }
}

/// The screen of somebody who has not signed in.
pub(crate) fn screen(inner: &Inner, gate: &Gate, lang: Lang) -> Result<Screen, RoundsError> {
    let reps = inner.reps.all(&inner.machine)?;
    let named = |id: &str| {
        let name = reps.iter().find(|rep| rep.id == id).map(|rep| rep.name.clone()).unwrap_or_default();
        if name.is_empty() { plain(lang, "rep-unnamed") } else { name }
    };
    let mut screen = match gate {
        Gate::Reps => {
            let mut screen = Screen::new("reps", plain(lang, "reps-title"));
            for rep in &reps {
                let badges = match rep.pinned {
                    true => vec![],
                    false => vec![Badge::new(plain(lang, "rep-unpinned"), Tone::Warning)],
                };
                screen.blocks.push(Block::Line {
                    line: Line {
                        badges,
                        subtitle: Some(rep.team.clone()).filter(|team| !team.is_empty()),
                        tap: Some(Tap::Rep(rep.id.clone()).text()),
                        ..Line::new(&rep.id, named(&rep.id))
                    },
                });
            }
            screen.main = Some(Button::new(&Tap::Rep(String::new()), plain(lang, "reps-add")));
            screen
        }
        Gate::Enrol { server, code, device } => {
            let mut screen = Screen::new("enrol", plain(lang, "enrol-title"));
            screen.back = !reps.is_empty();
            screen.blocks.push(Block::Text { text: plain(lang, "enrol-text") });
            let ask = |key: &str, label: &str, input: Input, value: &str| Question {
                required: true,
                value: value.to_owned(),
                shown: value.to_owned(),
                hint: Some(plain(lang, &format!("{label}-hint"))),
                ..Question::new(key, plain(lang, label), input)
            };
            let scan = Tap::ScanInvitation.text();
            let code_input = match inner.machine.kit.barcode.is_some() {
                true => Input::Barcode { scan },
                false => Input::Text { long: false },
            };
            for question in [
                ask("server", "enrol-server", Input::Text { long: false }, server),
                ask("code", "enrol-code", code_input, code),
                ask("device", "enrol-device", Input::Text { long: false }, device),
            ] {
                screen.blocks.push(Block::Ask { question });
            }
            screen.main = Some(Button::new(&Tap::Enrol, plain(lang, "enrol-do")));
            screen
        }
        Gate::Pin(rep) => {
            let mut screen = Screen::new("pin", named(rep));
            screen.subtitle = Some(plain(lang, "pin-title"));
            screen.back = reps.len() > 1;
            // Who was stopped before they chose a PIN has none to enter.
            if reps.iter().any(|known| known.id == *rep && known.pinned) {
                let pin =
                    Question { required: true, ..Question::new("pin", plain(lang, "pin-ask"), Input::Pin) };
                screen.blocks.push(Block::Ask { question: pin });
            } else {
                screen.blocks.push(Block::Text { text: plain(lang, "rep-unpinned") });
            }
            screen.main = Some(Button::new(&Tap::Unlock(rep.clone()), plain(lang, "pin-do")));
            screen.also.push(Button::new(&Tap::Forgot(rep.clone()), plain(lang, "pin-forgot")));
            screen.also.push(Button::new(&Tap::Rep(String::new()), plain(lang, "reps-add")));
            screen
        }
        Gate::Forgot(rep) => {
            let mut screen = Screen::new("forgot", plain(lang, "pin-forgot"));
            screen.back = true;
            screen.subtitle = Some(named(rep));
            screen.blocks.push(Block::Text { text: plain(lang, "forgot-text") });
            let mut remove = Button::new(&Tap::Remove(rep.clone()), plain(lang, "forgot-remove"));
            remove.tone = Tone::Bad;
            remove.sure = Some(Sure {
                text: say(lang, "forgot-sure", &[("name", named(rep))]),
                yes: plain(lang, "forgot-yes"),
                no: plain(lang, "no"),
            });
            screen.blocks.push(Block::Do { button: remove });
            screen
        }
        Gate::FirstPin(rep) => {
            let mut screen = Screen::new("first_pin", plain(lang, "first-pin-title"));
            screen.subtitle = Some(named(rep));
            screen.blocks.push(Block::Text { text: plain(lang, "first-pin-text") });
            for (key, label) in [("pin", "pin-new"), ("again", "pin-again")] {
                let question =
                    Question { required: true, ..Question::new(key, plain(lang, label), Input::Pin) };
                screen.blocks.push(Block::Ask { question });
            }
            screen.main = Some(Button::new(&Tap::SetPin, plain(lang, "first-pin-do")));
            screen
        }
    };
    screen.also.push(other_language(lang));
    Ok(screen)
}

/// The other language, in its own words.
pub(crate) fn other_language(lang: Lang) -> Button {
    let (tag, title) = match lang {
        Lang::Zh => ("en", "English"),
        Lang::En => ("zh-CN", "中文"),
    };
    Button::new(&Tap::Language(tag.to_owned()), title.to_owned())
}

/// Back, at the gate.
pub(crate) fn back(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    let gate = lock(&inner.state).gate.clone();
    let many = inner.reps.all(&inner.machine)?.len() > 1;
    match gate {
        Gate::Forgot(rep) => inner.at_gate(Gate::Pin(rep)),
        Gate::Pin(_) | Gate::Enrol { .. } if many => inner.at_gate(Gate::Reps),
        Gate::Pin(_) | Gate::Enrol { .. } => inner.begin_at_gate()?,
        _ => {}
    }
    Ok(Done::default())
}

/// What is typed at the gate.
pub(crate) fn typing(inner: &Inner, key: &str, text: &str) {
    let mut state = lock(&inner.state);
    if let Gate::Enrol { server, code, device } = &mut state.gate {
        match key {
            "server" => text.clone_into(server),
            "code" => text.clone_into(code),
            "device" => text.clone_into(device),
            _ => {}
        }
    }
}

/// Does what the gate's screens offer; none if it is something else.
pub(crate) fn done(inner: &Arc<Inner>, tap: &Tap, given: &[Given]) -> Result<Option<Done>, RoundsError> {
    for one in given.iter().filter(|one| !matches!(one.key.as_str(), "pin" | "again")) {
        typing(inner, &one.key, &one.value);
    }
    let value = |key: &str| given.iter().find(|one| one.key == key).map_or("", |one| one.value.as_str());
    let done = match tap {
        Tap::Give => Done::default(),
        Tap::Rep(rep) if rep.is_empty() => {
            inner.at_gate(enrol(&inner.machine));
            Done::default()
        }
        Tap::Rep(rep) => {
            inner.at_gate(Gate::Pin(known(inner, rep)?));
            Done::default()
        }
        Tap::Forgot(rep) => {
            inner.at_gate(Gate::Forgot(known(inner, rep)?));
            Done::default()
        }
        Tap::Enrol => enrolled(inner)?,
        Tap::ScanInvitation => scanned(inner)?,
        Tap::Unlock(rep) if !pinned(inner, rep)? => {
            // Stopped before they had a PIN, and not let in when the app was opened: once more.
            inner.first_pin(rep)?;
            Done::default()
        }
        Tap::Unlock(rep) => {
            let key = inner.reps.unlock(&inner.machine, rep, value("pin"))?;
            let session = inner.opened(rep, key)?;
            if let Ok(me) = session.rounds.identity() {
                inner.reps.named(&inner.machine, rep, &me.person.name, &me.team.name);
            }
            inner.sign_in(session)?;
            Done::default()
        }
        Tap::Remove(rep) => {
            inner.reps.remove(&inner.machine, &known(inner, rep)?)?;
            inner.begin_at_gate()?;
            Done::saying(Tone::Neutral, plain(inner.lang(), "rep-removed"))
        }
        _ => return Ok(None),
    };
    Ok(Some(done))
}

fn known(inner: &Inner, rep: &str) -> Result<String, RoundsError> {
    let all = inner.reps.all(&inner.machine)?;
    match all.iter().any(|known| known.id == rep) {
        true => Ok(rep.to_owned()),
        false => Err(wrong("rep-unknown", Class::Usage, &[])),
    }
}

fn pinned(inner: &Inner, rep: &str) -> Result<bool, RoundsError> {
    let all = inner.reps.all(&inner.machine)?;
    let known = all.iter().find(|known| known.id == rep);
    known.map(|known| known.pinned).ok_or_else(|| wrong("rep-unknown", Class::Usage, &[]))
}

fn enrolled(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    let gate = lock(&inner.state).gate.clone();
    let Gate::Enrol { server, code, device } = gate else {
        return Err(wrong("tap-stale", Class::Usage, &[]));
    };
    let (server, code) = (server.trim().to_owned(), code.trim().to_owned());
    if server.is_empty() || code.is_empty() {
        return Err(wrong("enrol-incomplete", Class::Refused, &[]));
    }
    let device = match device.trim() {
        "" => inner.machine.device_name.clone(),
        named => named.to_owned(),
    };
    let http = Http::new(&server)?;
    let (rep, key) = inner.reps.begin(&inner.machine)?;
    let made = inner.opened(&rep, key).and_then(|session| {
        let device: String = device.chars().take(24).collect();
        let identity = session.rounds.enrol(&http, &server, &code, &device)?;
        // The invitation is spent: they are a device now, with a name on the choice of reps or without.
        let _ = inner.reps.name(&inner.machine, &rep, &identity.person.name, &identity.team.name);
        Ok(session)
    });
    match made {
        Ok(session) => {
            inner.at_gate(Gate::FirstPin(rep));
            inner.hold(session)?;
            Ok(Done::default())
        }
        Err(error) => {
            inner.reps.remove(&inner.machine, &rep)?;
            Err(error)
        }
    }
}

/// An invitation as the server prints it: `rounds://enrol?server=…&code=…`; or the code alone.
fn scanned(inner: &Inner) -> Result<Done, RoundsError> {
    let title = plain(inner.lang(), "enrol-title");
    let taken = capture::take(&inner.machine.kit, capture::What::Code, &title, None)?;
    let Some(Took::Code(code)) = taken else { return Ok(Done::default()) };
    let text = code.text;
    let text: String = text.chars().take(2_000).collect();
    match text.strip_prefix("rounds://enrol?") {
        Some(query) => {
            for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                typing(inner, name, &unescaped(value));
            }
        }
        None => typing(inner, "code", text.trim()),
    }
    Ok(Done::default())
}

/// `%3A` is `:`.
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        (rest, _) = match byte {
            Some(byte) => (after.get(2..).unwrap_or_default(), out.push(byte)),
            None => (after, out.push(*first)),
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_invitation_is_read_as_the_server_writes_it() {
        assert_eq!(super::unescaped("https%3A%2F%2Fa.example%3a1%"), "https://a.example:1%");
    }
}
