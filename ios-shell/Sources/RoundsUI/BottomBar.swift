import RoundsModel
import SwiftUI

/// What is in reach of a thumb: the one main button, and under it the places.
struct BottomBar: View {
  let screen: Screen

  var body: some View {
    VStack(spacing: 8) {
      if let main = screen.main {
        MainButton(button: main).padding(.horizontal, 16).padding(.top, 8)
      }
      if !screen.places.isEmpty { PlacesBar(places: screen.places) }
    }
    .padding(.bottom, screen.places.isEmpty ? 8 : 0)
    .background(.bar)
  }
}

/// The one main button. Greyed it can still be pressed, and says why.
struct MainButton: View {
  @Environment(PhoneModel.self) private var model
  let button: ScreenButton

  var body: some View {
    Button {
      Task { await model.press(button) }
    } label: {
      Text(button.title)
        .font(.headline)
        .multilineTextAlignment(.center)
        .frame(maxWidth: .infinity, minHeight: 52)
        .padding(.horizontal, 12)
        .foregroundStyle(button.whyNot == nil ? Color.white : Color.quiet)
        .background(
          button.whyNot == nil ? button.tone.fill : Color.greyed, in: RoundedRectangle(cornerRadius: 14))
    }
    .buttonStyle(.plain)
    .accessibilityHint(button.whyNot?.text ?? "")
    .accessibilityShowsLargeContentViewer { Text(button.title) }
  }
}

/// The places that can be reached from everywhere.
struct PlacesBar: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let places: [Place]

  var body: some View {
    HStack(alignment: .top, spacing: 0) {
      ForEach(places, id: \.tap) { place in
        Button {
          Task { await model.tap(place.tap) }
        } label: {
          label(place)
        }
        .buttonStyle(.plain)
        .accessibilityLabel(place.title)
        .accessibilityValue(place.count == 0 ? "" : words.waiting(place.count))
        .accessibilityAddTraits(place.here ? [.isSelected] : [])
        // Letters stay small here, so that all places fit: held down, they are shown large.
        .accessibilityShowsLargeContentViewer { Label(place.title, systemImage: picture(place.icon)) }
      }
    }
    .dynamicTypeSize(...DynamicTypeSize.accessibility1)
    .accessibilityElement(children: .contain)
  }

  private func label(_ place: Place) -> some View {
    VStack(spacing: 3) {
      Image(systemName: picture(place.icon))
        .font(.system(size: 20, weight: place.here ? .semibold : .regular))
        .overlay(alignment: .topTrailing) {
          if place.count > 0 {
            Text(place.count > 99 ? "99+" : String(place.count))
              .font(.caption2.weight(.bold))
              .padding(.horizontal, 5)
              .padding(.vertical, 1)
              .background(Tone.warning.fill, in: Capsule())
              .foregroundStyle(.white)
              .offset(x: 14, y: -6)
          }
        }
      Text(place.title).font(.caption2).lineLimit(1)
    }
    .frame(maxWidth: .infinity, minHeight: 50)
    .foregroundStyle(place.here ? Color.accentColor : Color.quiet)
    .contentShape(Rectangle())
  }

  private func picture(_ icon: String) -> String {
    switch icon {
    case "today": "sun.max"
    case "work": "folder"
    case "tasks": "checklist"
    case "outbox": "tray.and.arrow.up"
    case "team": "person.2"
    default: "ellipsis"
    }
  }
}
