import RoundsModel
import SwiftUI

/// The whole app: one screen of the core, from its title to its places.
public struct PhoneView: View {
  private let model: PhoneModel
  private let pictures: Pictures
  private let film: Film

  public init(model: PhoneModel, pictures: Pictures, film: Film) {
    self.model = model
    self.pictures = pictures
    self.film = film
  }

  public var body: some View {
    NavigationStack {
      if let screen = model.screen {
        ScreenView(screen: screen)
      } else {
        ProgressView(words[.working])
      }
    }
    // Inside of what follows, because sheets look at the model too.
    .modifier(Sheets())
    .environment(model)
    .environment(film)
    .environment(\.pictures, pictures)
    .environment(\.words, words)
    .environment(\.locale, Locale(identifier: model.language))
  }

  private var words: ShellWords { ShellWords(language: model.language) }
}

/// A screen: the column of blocks, the bar above and what is at the bottom in reach of a thumb.
struct ScreenView: View {
  @Environment(PhoneModel.self) private var model
  @Environment(\.words) private var words
  let screen: Screen

  var body: some View {
    BlockColumn(rows: model.rows, at: screen.at, screen: screen.id)
      .refreshable { await model.sync() }
      .accessibilityAction(.escape) {
        Task { await model.escape() }
      }
      .safeAreaInset(edge: .bottom, spacing: 0) { BottomBar(screen: screen) }
      .navigationTitle(screen.title)
      .navigationBarTitleDisplayMode(.inline)
      .navigationBarBackButtonHidden()
      .toolbar { toolbar }
      .overlay(alignment: .top) { SaidView() }
      .overlay(alignment: .top) {
        if model.busy {
          ProgressView().progressViewStyle(.linear).accessibilityLabel(words[.working])
        }
      }
  }

  @ToolbarContentBuilder private var toolbar: some ToolbarContent {
    if screen.back {
      ToolbarItem(placement: .topBarLeading) {
        Button {
          Task { await model.back() }
        } label: {
          Label(words[.back], systemImage: "chevron.backward").frame(minWidth: 44, minHeight: 44)
        }
      }
    }
    ToolbarItem(placement: .principal) { TitleView(title: screen.title, subtitle: screen.subtitle) }
    if let chip = model.chip {
      ToolbarItem(placement: .topBarTrailing) { ChipView(chip: chip) }
    }
    if !screen.also.isEmpty {
      ToolbarItem(placement: .topBarTrailing) { AlsoMenu(buttons: screen.also) }
    }
  }
}

/// The title with the small letters under it.
struct TitleView: View {
  let title: String
  let subtitle: String?

  var body: some View {
    VStack(spacing: 0) {
      Text(title).font(.headline).lineLimit(1)
      if let subtitle {
        Text(subtitle).font(.caption).foregroundStyle(Color.quiet).lineLimit(1)
      }
    }
    .accessibilityElement(children: .combine)
    .accessibilityAddTraits(.isHeader)
  }
}
