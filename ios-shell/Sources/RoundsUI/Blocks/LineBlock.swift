import RoundsModel
import SwiftUI

/// A line of a list: what it is, where it stands, what is next; greyed, why.
struct LineBlock: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  @Environment(\.dynamicTypeSize) private var size
  let line: Line

  var body: some View {
    if let tap = line.tap {
      Button {
        Task { await model.tap(tap) }
      } label: {
        content
      }
      .buttonStyle(.plain)
      .accessibilityLabel(words.spoken(line))
      .accessibilityAddTraits(line.chosen == true ? [.isSelected] : [])
    } else {
      content.accessibilityElement(children: .ignore).accessibilityLabel(words.spoken(line))
    }
  }

  private var content: some View {
    HStack(alignment: .top, spacing: 12) {
      if let chosen = line.chosen {
        Image(systemName: chosen ? "checkmark.square.fill" : "square").font(.title3).foregroundStyle(Color.accentColor)
      }
      if let mark = line.mark {
        Text(mark).font(.headline).frame(minWidth: 24).foregroundStyle(Color.quiet)
      }
      if let picture = line.picture {
        Thumbnail(picture: picture, about: line.title, side: 52)
      }
      words(of: line)
      if line.tap != nil, line.chosen == nil {
        Image(systemName: "chevron.forward").font(.footnote).foregroundStyle(.tertiary).padding(.top, 4)
      }
    }
    .frame(minHeight: 48)
    .card()
    .contentShape(Rectangle())
  }

  private func words(of line: Line) -> some View {
    VStack(alignment: .leading, spacing: 4) {
      let layout =
        size.isAccessibilitySize
        ? AnyLayout(VStackLayout(alignment: .leading)) : AnyLayout(HStackLayout(alignment: .firstTextBaseline))
      layout {
        Text(line.title)
          .font(.headline)
          .foregroundStyle(line.whyNot == nil ? Color.primary : Color.quiet)
          .frame(maxWidth: .infinity, alignment: .leading)
        if let end = line.end { Text(end).font(.subheadline).foregroundStyle(Color.quiet) }
      }
      if let subtitle = line.subtitle {
        Text(subtitle).font(.subheadline).foregroundStyle(Color.quiet)
      }
      if !line.badges.isEmpty {
        FlowLayout(spacing: 6) {
          ForEach(Array(line.badges.enumerated()), id: \.offset) { _, badge in BadgeView(badge: badge) }
        }
      }
      if let whyNot = line.whyNot {
        Text(whyNot).font(.footnote).foregroundStyle(Tone.warning.ink)
      }
    }
    .frame(maxWidth: .infinity, alignment: .leading)
  }
}
