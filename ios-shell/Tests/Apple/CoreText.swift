// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation

public typealias CFString = String
public final class CTFont {}

public let kCTFontURLAttribute: CFString = ""
public func CTFontCreateWithName(_ name: CFString, _ size: CGFloat, _ matrix: UnsafeRawPointer?) -> CTFont { CTFont() }
public func CTFontCopyAttribute(_ font: CTFont, _ attribute: CFString) -> Any? { nil }
