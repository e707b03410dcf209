import RoundsModel
import SwiftUI
import UIKit

struct PictureBlock: View {
  let picture: String
  let about: String

  var body: some View {
    LoadedPicture(picture: picture, about: about, maxPx: 1600) { image in
      Image(uiImage: image).resizable().scaledToFit()
    }
    .frame(maxWidth: .infinity, minHeight: 120)
    .clipShape(RoundedRectangle(cornerRadius: 14))
  }
}

/// A small picture of a known size.
struct Thumbnail: View {
  let picture: String
  let about: String
  let side: CGFloat

  var body: some View {
    LoadedPicture(picture: picture, about: about, maxPx: UInt32(side * 3)) { image in
      Image(uiImage: image).resizable().scaledToFill()
    }
    .frame(width: side, height: side)
    .clipShape(RoundedRectangle(cornerRadius: 8))
  }
}

/// Asks for a picture when it comes into sight.
struct LoadedPicture<Content: View>: View {
  @Environment(\.pictures) private var pictures
  @Environment(\.words) private var words
  @State private var image: UIImage?
  @State private var isMissing = false
  let picture: String
  let about: String
  let maxPx: UInt32
  @ViewBuilder let content: (UIImage) -> Content

  var body: some View {
    Group {
      if let image {
        content(image)
      } else if isMissing {
        Image(systemName: "photo").foregroundStyle(Color.quiet)
      } else {
        ProgressView()
      }
    }
    .frame(maxWidth: .infinity, maxHeight: .infinity)
    .background(Color.field)
    .accessibilityElement(children: .ignore)
    .accessibilityLabel(isMissing ? about + ", " + words[.photoMissing] : about)
    .accessibilityAddTraits(.isImage)
    .task(id: picture) {
      let data = await pictures?.data(picture, maxPx: maxPx)
      image = await data.flatMap(UIImage.init(data:))?.fitting(maxPx)
      isMissing = image == nil
    }
  }
}

extension UIImage {
  /// No larger than it is shown, and ready to be painted: a list of photos as they were taken is more than a
  /// phone's memory.
  fileprivate func fitting(_ maxPx: UInt32) async -> UIImage? {
    let (width, height) = PictureSize.fitting(size.width * scale, size.height * scale, longest: maxPx)
    return await byPreparingThumbnail(ofSize: CGSize(width: width, height: height))
  }
}
