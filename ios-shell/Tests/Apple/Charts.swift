// Declarations that the app uses, written by hand after Apple's documentation; see README.md here.
@_exported import SwiftUI

public protocol Plottable {}
extension Int: Plottable {}
extension Double: Plottable {}
extension String: Plottable {}

public struct PlottableValue<V: Plottable> {
  public static func value(_ label: String, _ value: V) -> PlottableValue<V> { .init() }
}

@MainActor public protocol ChartContent {}

extension ChartContent {
  public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some ChartContent { self }
  public func accessibilityLabel(_ label: String) -> some ChartContent { self }
  public func accessibilityValue(_ value: String) -> some ChartContent { self }
}

@resultBuilder public struct ChartContentBuilder {
  public static func buildBlock<C: ChartContent>(_ content: C) -> C { content }
}

@MainActor public struct BarMark: ChartContent {
  public init<X: Plottable, Y: Plottable>(x: PlottableValue<X>, y: PlottableValue<Y>) {}
}

@MainActor public struct Chart<C>: View {
  public init<Data: RandomAccessCollection, ID: Hashable>(
    _ data: Data, id: KeyPath<Data.Element, ID>, @ChartContentBuilder content: @escaping (Data.Element) -> C
  ) where C: ChartContent {}
  public var body: Never { fatalError() }
}

@MainActor public protocol AxisContent {}
@MainActor public protocol AxisMark {}

@resultBuilder public struct AxisContentBuilder {
  public static func buildBlock<C: AxisContent>(_ content: C) -> C { content }
}

@resultBuilder public struct AxisMarkBuilder {
  public static func buildBlock<C: AxisMark>(_ content: C) -> C { content }
}

@MainActor public struct AxisValue {
  public func `as`<P: Plottable>(_ type: P.Type) -> P? { nil }
}

@MainActor public struct AxisMarks<M: AxisMark>: AxisContent {
  public init<P: Plottable>(values: [P], @AxisMarkBuilder content: @escaping (AxisValue) -> M) {}
}

@MainActor public struct AxisValueLabel<C: View>: AxisMark {
  public init(@ViewBuilder content: () -> C) {}
}

extension View {
  public func chartXAxis<C: AxisContent>(@AxisContentBuilder content: () -> C) -> some View { self }
}
