//! A browser in process: keeps cookies, follows nothing but the way to what a form came to.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::StreamExt;
use tower::ServiceExt;

/// A browser: keeps cookies, follows nothing but the way to what a form came to.
pub struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    pub accept: &'static str,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(router: Router) -> Browser {
        Browser { router, cookies: vec![], accept: "en" }
    }

    /// The same cookies at another server.
    pub fn at(mut self, router: Router) -> Browser {
        self.router = router;
        self
    }

    /// The server.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Takes over what another browser keeps.
    pub fn clone_cookies(&mut self, other: &Browser) {
        self.cookies = other.cookies.clone();
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let body: Vec<_> = form.iter().map(|(k, v)| format!("{k}={}", encode(v))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(request, Body::from(body.join("&"))).await;
        match answer.header("location").to_owned() {
            // What a form came to.
            shown if shown.contains("/shown/") => self.get(&shown).await,
            _ => answer,
        }
    }

    /// Sends a form with a file.
    pub async fn upload(&mut self, path: &str, form: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let mut body = vec![];
        for (name, value) in form {
            let part =
                format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let (name, bytes) = file;
        let about = format!("form-data; name=\"file\"; filename=\"{name}\"");
        body.extend(format!("--edge\r\ncontent-disposition: {about}\r\n\r\n").into_bytes());
        body.extend([bytes, b"\r\n--edge--\r\n"].concat());
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=edge");
        self.send(request, Body::from(body)).await
    }

    /// Asks for what has no end, and reads none of it: the status and what it is.
    pub async fn listen(&mut self, path: &str) -> (StatusCode, String) {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = Request::get(path).header("cookie", cookies.join("; "));
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let kind = answer.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_owned();
        (answer.status(), kind)
    }

    /// A file, byte by byte.
    pub async fn file(&mut self, path: &str) -> (StatusCode, Vec<u8>) {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request =
            Request::get(path).header("cookie", cookies.join("; ")).header("accept-language", self.accept);
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (answer.status(), to_bytes(answer.into_body(), 1 << 24).await.unwrap().to_vec())
    }

    /// Sends it and counts the bytes of the answer, however many there are.
    pub async fn send_large(&mut self, request: axum::http::request::Builder) -> (StatusCode, usize) {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = request.header("cookie", cookies.join("; "));
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (status, mut parts, mut bytes) = (answer.status(), answer.into_body().into_data_stream(), 0);
        while let Some(part) = parts.next().await {
            bytes += part.unwrap().len();
        }
        (status, bytes)
    }

    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = request.header("cookie", cookies.join("; ")).header("accept-language", self.accept);
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(k, _)| k != name);
            if !set.contains("Max-Age=0") {
                self.cookies.push((name.into(), value.into()));
            }
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

impl Answer {
    /// The token of the page's first form.
    pub fn token(&self) -> String {
        self.after("name=\"csrf\" value=\"")
    }

    /// What follows a text, up to the next quote or tag.
    pub fn after(&self, text: &str) -> String {
        let rest = self.body.split_once(text).unwrap_or_else(|| panic!("no {text} in {}", self.body)).1;
        rest.split(['"', '<']).next().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
