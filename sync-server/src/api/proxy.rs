//! Behind a proxy: a request came from where the proxy says, and the proxy is nobody's address. Only on the
//! operator's word, because anybody can write that header who reaches this port without the proxy.

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};

const FORWARDED: &str = "x-forwarded-for";

/// The same addresses, for requests that a proxy passes on.
pub fn behind(router: Router) -> Router {
    router.layer(from_fn(passed_on))
}

async fn passed_on(mut request: Request, next: Next) -> Response {
    if let Some(address) = last_hop(request.headers()) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 0)));
    }
    next.run(request).await
}

/// The address that the proxy itself added, at the end: what stands before it, the sender may have made up.
fn last_hop(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?;
    let hop = line.rsplit(',').next()?.trim();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_what_the_proxy_itself_added_counts() {
        let hop = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED, HeaderValue::from_static(line));
            }
            last_hop(&headers).map(|address| address.to_string())
        };
        let is = |lines: &[&'static str], address: &str| assert_eq!(hop(lines).as_deref(), Some(address));
        is(&["192.0.2.7"], "192.0.2.7");
        is(&["10.0.0.1, 192.0.2.7"], "192.0.2.7");
        is(&["10.0.0.1", "made up", "192.0.2.7:4711"], "192.0.2.7");
        is(&["2001:db8::7"], "2001:db8::7");
        is(&["[2001:db8::7]:443"], "2001:db8::7");
        is(&["x, [2001:db8::7]"], "2001:db8::7");
        for none in [&[][..], &[""], &["unknown"], &["192.0.2.7, _hidden"], &["192.0.2.7", ""]] {
            assert_eq!(hop(none), None, "{none:?}");
        }
    }
}
