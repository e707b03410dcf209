// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import Foundation

public struct VNBarcodeSymbology: Hashable, Sendable {
  let name: String
  public static let ean13 = VNBarcodeSymbology(name: "EAN13")
  public static let ean8 = VNBarcodeSymbology(name: "EAN8")
  public static let itf14 = VNBarcodeSymbology(name: "ITF14")
  public static let code128 = VNBarcodeSymbology(name: "Code128")
  public static let code39 = VNBarcodeSymbology(name: "Code39")
  public static let qr = VNBarcodeSymbology(name: "QR")
  public static let dataMatrix = VNBarcodeSymbology(name: "DataMatrix")
}

public final class VNBarcodeObservation: NSObject, Sendable {
  public var symbology: VNBarcodeSymbology { .qr }
}
