// Declarations of SwiftUI that the app uses, written by hand after Apple's documentation; see README.md here.
// Nothing in it paints.
@_exported import Foundation
import Observation
@_exported import UIKit

// MARK: - Views

@MainActor @preconcurrency
public protocol View {
  associatedtype Body: View
  @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}

extension Never: View {
  public var body: Never { fatalError() }
}

extension Optional: View where Wrapped: View {
  public var body: Never { fatalError() }
}

@MainActor public struct AnyContent: View {
  init() {}
  public var body: Never { fatalError() }
}

@MainActor public struct EmptyView: View {
  public init() {}
  public var body: Never { fatalError() }
}

@MainActor public struct TupleView<T>: View {
  public var body: Never { fatalError() }
}

@MainActor public struct EitherContent<A, B>: View {
  public var body: Never { fatalError() }
}

@resultBuilder public struct ViewBuilder {
  public static func buildExpression<C: View>(_ content: C) -> C { content }
  public static func buildBlock() -> EmptyView { fatalError() }
  public static func buildBlock<C: View>(_ content: C) -> C { content }
  public static func buildBlock<each C: View>(_ content: repeat each C) -> TupleView<(repeat each C)> { fatalError() }
  public static func buildIf<C: View>(_ content: C?) -> C? { content }
  public static func buildEither<A: View, B: View>(first: A) -> EitherContent<A, B> { fatalError() }
  public static func buildEither<A: View, B: View>(second: B) -> EitherContent<A, B> { fatalError() }
}

@MainActor @preconcurrency
public protocol ViewModifier {
  associatedtype Body: View
  typealias Content = ModifiedBefore
  @ViewBuilder @MainActor @preconcurrency func body(content: Content) -> Body
}

@MainActor public struct ModifiedBefore: View {
  public var body: Never { fatalError() }
}

@MainActor @preconcurrency
public protocol UIViewControllerRepresentable: View where Body == Never {
  associatedtype UIViewControllerType: UIViewController
  associatedtype Coordinator = Void
  typealias Context = UIViewControllerRepresentableContext<Self>
  func makeUIViewController(context: Context) -> UIViewControllerType
  func updateUIViewController(_ controller: UIViewControllerType, context: Context)
  func makeCoordinator() -> Coordinator
}

extension UIViewControllerRepresentable {
  public var body: Never { fatalError() }
}

@MainActor public struct UIViewControllerRepresentableContext<R: UIViewControllerRepresentable> {
  public let coordinator: R.Coordinator
}

@MainActor @preconcurrency
public protocol UIViewRepresentable: View where Body == Never {
  associatedtype UIViewType: UIView
  associatedtype Coordinator = Void
  typealias Context = UIViewRepresentableContext<Self>
  func makeUIView(context: Context) -> UIViewType
  func updateUIView(_ view: UIViewType, context: Context)
}

extension UIViewRepresentable {
  public var body: Never { fatalError() }
}

@MainActor public struct UIViewRepresentableContext<R: UIViewRepresentable> {
  public let coordinator: R.Coordinator
}

// MARK: - State

public protocol DynamicProperty {}

public protocol EnvironmentKey {
  associatedtype Value
  static var defaultValue: Value { get }
}

public struct EnvironmentValues {
  public subscript<K: EnvironmentKey>(key: K.Type) -> K.Value {
    get { fatalError() }
    set {}
  }

  public var locale: Locale
  public var calendar: Calendar
  public var dynamicTypeSize: DynamicTypeSize
  public var scenePhase: ScenePhase
  public var openURL: OpenURLAction
}

@MainActor public struct OpenURLAction {
  public func callAsFunction(_ url: URL) {}
}

public enum ScenePhase: Sendable { case background, inactive, active }

@propertyWrapper public struct Environment<Value>: DynamicProperty {
  public init(_ path: KeyPath<EnvironmentValues, Value>) {}
  public var wrappedValue: Value { fatalError() }
}

extension Environment where Value: AnyObject, Value: Observable {
  public init(_ type: Value.Type) {}
}

@propertyWrapper public struct State<Value>: DynamicProperty {
  public init(wrappedValue: Value) {}

  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set {}
  }

  public var projectedValue: Binding<Value> { fatalError() }
}

extension State where Value: ExpressibleByNilLiteral {
  public init() {}
}

@propertyWrapper public struct FocusState<Value: Hashable>: DynamicProperty {
  @propertyWrapper public struct Binding {
    public init() { fatalError() }
    public var wrappedValue: Value { fatalError() }
  }

  public init() where Value == Bool {}

  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set {}
  }

  public var projectedValue: Binding { fatalError() }
}

@propertyWrapper public struct Binding<Value> {
  @preconcurrency public init(
    get: @escaping @isolated(any) @Sendable () -> Value, set: @escaping @isolated(any) @Sendable (Value) -> Void
  ) {}

  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set {}
  }
}

// MARK: - Shapes and colours

public protocol ShapeStyle: Sendable {}
public protocol Shape: View, Sendable {}

extension Shape {
  public var body: Never { fatalError() }
  public func stroke<S: ShapeStyle>(_ style: S, lineWidth: CGFloat = 1) -> some View { AnyContent() }
  public func stroke<S: ShapeStyle>(_ style: S, style stroke: StrokeStyle) -> some View { AnyContent() }
  public func trim(from: CGFloat = 0, to: CGFloat = 1) -> some Shape { Capsule() }
}

public struct StrokeStyle: Sendable {
  public init(lineWidth: CGFloat = 1, lineCap: CGLineCap = .butt) {}
}

public enum CGLineCap: Sendable { case butt, round, square }

public struct Rectangle {
  public init() {}
}

extension Rectangle: Shape {}

public struct Circle {
  public init() {}
}

extension Circle: Shape {}

public struct Capsule {
  public init() {}
}

extension Capsule: Shape {}

public struct RoundedRectangle {
  public init(cornerRadius: CGFloat) {}
}

extension RoundedRectangle: Shape {}

public struct Color: ShapeStyle, Hashable {
  public init(_ color: UIColor) {}
  public init(uiColor: UIColor) {}
  public static let white = Color(uiColor: .white)
  public static let primary = Color(uiColor: .white)
  public static let secondary = Color(uiColor: .white)
  public static let accentColor = Color(uiColor: .white)
}

extension Color: View {
  public var body: Never { fatalError() }
}

extension ShapeStyle where Self == Color {
  public static var white: Color { .white }
}

public struct HierarchicalShapeStyle: ShapeStyle {}

extension ShapeStyle where Self == HierarchicalShapeStyle {
  public static var primary: HierarchicalShapeStyle { .init() }
  public static var secondary: HierarchicalShapeStyle { .init() }
  public static var tertiary: HierarchicalShapeStyle { .init() }
}

public struct Material: ShapeStyle {}

extension ShapeStyle where Self == Material {
  public static var bar: Material { .init() }
}

public struct Angle: Sendable {
  public static func degrees(_ degrees: Double) -> Angle { .init() }
}

// MARK: - Text

public struct Font: Sendable, Hashable {
  public enum Weight: Sendable { case regular, medium, semibold, bold }

  public static let largeTitle = Font()
  public static let title2 = Font()
  public static let title3 = Font()
  public static let headline = Font()
  public static let body = Font()
  public static let callout = Font()
  public static let subheadline = Font()
  public static let footnote = Font()
  public static let caption = Font()
  public static let caption2 = Font()
  public static func system(size: CGFloat, weight: Weight? = nil) -> Font { .init() }
  public func weight(_ weight: Weight) -> Font { self }
  public func monospacedDigit() -> Font { self }
}

public struct Text {
  public init(_ text: String) {}
  public init(verbatim: String) {}
  public func foregroundStyle<S: ShapeStyle>(_ style: S) -> Text { self }
}

extension Text: View {
  public var body: Never { fatalError() }
}

public struct Image {
  public enum Scale: Sendable { case small, medium, large }

  public init(systemName: String) {}
  public init(uiImage: UIImage) {}
  public func resizable() -> Image { self }
}

extension Image: View {
  public var body: Never { fatalError() }
}

@MainActor public struct Label<Title: View, Icon: View>: View {
  public var body: Never { fatalError() }
}

extension Label where Title == Text, Icon == Image {
  public init(_ title: String, systemImage: String) {}
}

public protocol LabelStyle {}
public struct IconOnlyLabelStyle: LabelStyle {}

extension LabelStyle where Self == IconOnlyLabelStyle {
  public static var iconOnly: IconOnlyLabelStyle { .init() }
}

public enum TextAlignment: Sendable { case leading, center, trailing }

public enum DynamicTypeSize: Comparable, Sendable {
  case large, accessibility1, accessibility5
  public var isAccessibilitySize: Bool { self >= .accessibility1 }
}

public protocol TextSelectability {}
public struct EnabledTextSelectability: TextSelectability {}

extension TextSelectability where Self == EnabledTextSelectability {
  public static var enabled: EnabledTextSelectability { .init() }
}

// MARK: - Containers

public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom, firstTextBaseline }

public struct Alignment: Sendable {
  public static let center = Alignment()
  public static let leading = Alignment()
  public static let top = Alignment()
  public static let topTrailing = Alignment()
}

public struct UnitPoint: Sendable {
  public static let center = UnitPoint()
}

public enum Edge: Sendable {
  case top, leading, bottom, trailing

  public struct Set: OptionSet, Sendable {
    public let rawValue: Int8
    public init(rawValue: Int8) { self.rawValue = rawValue }
    public static let top = Set(rawValue: 1)
    public static let leading = Set(rawValue: 2)
    public static let bottom = Set(rawValue: 4)
    public static let trailing = Set(rawValue: 8)
    public static let horizontal: Set = [.leading, .trailing]
    public static let vertical: Set = [.top, .bottom]
    public static let all: Set = [.horizontal, .vertical]
  }
}

public enum VerticalEdge: Sendable { case top, bottom }

public struct Axis: Sendable {
  public struct Set: OptionSet, Sendable {
    public let rawValue: Int8
    public init(rawValue: Int8) { self.rawValue = rawValue }
    public static let horizontal = Set(rawValue: 1)
    public static let vertical = Set(rawValue: 2)
  }

  public static let horizontal = Axis()
  public static let vertical = Axis()
}

@MainActor public struct VStack<C: View>: View {
  public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct LazyVStack<C: View>: View {
  public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct HStack<C: View>: View {
  public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ZStack<C: View>: View {
  public init(alignment: Alignment = .center, @ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct Group<C: View>: View {
  public init(@ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ViewThatFits<C: View>: View {
  public init(in axes: Axis.Set = [.horizontal, .vertical], @ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ScrollView<C: View>: View {
  public init(@ViewBuilder content: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ScrollViewReader<C: View>: View {
  public init(@ViewBuilder content: @escaping (ScrollViewProxy) -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ScrollViewProxy {
  public func scrollTo<I: Hashable>(_ id: I, anchor: UnitPoint? = nil) {}
}

@MainActor public struct NavigationStack<C: View>: View {
  public init(@ViewBuilder root: () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ForEach<Data: RandomAccessCollection, ID: Hashable, C: View>: View {
  public init(_ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> C) {}
  public var body: Never { fatalError() }
}

extension ForEach where Data.Element: Identifiable, ID == Data.Element.ID {
  public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> C) {}
}

@MainActor public struct Spacer: View {
  public init(minLength: CGFloat? = nil) {}
  public var body: Never { fatalError() }
}

@MainActor public struct Divider: View {
  public init() {}
  public var body: Never { fatalError() }
}

@MainActor public struct ContentUnavailableView: View {
  public init(_ title: String, systemImage: String, description: Text? = nil) {}
  public var body: Never { fatalError() }
}

public protocol TimelineSchedule {}
public struct AnimationTimelineSchedule: TimelineSchedule {}

extension TimelineSchedule where Self == AnimationTimelineSchedule {
  public static func animation(minimumInterval: Double? = nil, paused: Bool = false) -> AnimationTimelineSchedule {
    .init()
  }
}

public struct TimelineContext {
  public let date: Date
}

@MainActor public struct TimelineView<S: TimelineSchedule, C: View>: View {
  public init(_ schedule: S, @ViewBuilder content: @escaping (TimelineContext) -> C) {}
  public var body: Never { fatalError() }
}

// MARK: - Layouts

public struct ProposedViewSize: Sendable {
  public var width: CGFloat?
  public var height: CGFloat?
  public init(width: CGFloat?, height: CGFloat?) {}
  public init(_ size: CGSize) {}
  public static let unspecified = ProposedViewSize(width: nil, height: nil)
}

public struct LayoutSubview {
  public func sizeThatFits(_ proposal: ProposedViewSize) -> CGSize { .zero }
  public func place(at: CGPoint, anchor: UnitPoint = .center, proposal: ProposedViewSize) {}
}

public protocol Layout: Sendable {
  typealias Subviews = [LayoutSubview]
  associatedtype Cache = Void
  func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Cache) -> CGSize
  func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Cache)
}

extension Layout {
  @MainActor public func callAsFunction<C: View>(@ViewBuilder _ content: () -> C) -> some View { AnyContent() }
}

public struct AnyLayout: Layout {
  public init<L: Layout>(_ layout: L) {}
  public func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) -> CGSize { .zero }
  public func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) {}
}

public struct VStackLayout: Layout {
  public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil) {}
  public func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) -> CGSize { .zero }
  public func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) {}
}

public struct HStackLayout: Layout {
  public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil) {}
  public func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) -> CGSize { .zero }
  public func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) {}
}

// MARK: - Controls

public struct ButtonRole: Sendable, Equatable {
  public static let destructive = ButtonRole()
  public static let cancel = ButtonRole()
}

@MainActor public struct Button<L: View>: View {
  public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {}
  public init(role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {}
  public var body: Never { fatalError() }
}

extension Button where L == Text {
  public init(_ title: String, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void) {}
}

public protocol PrimitiveButtonStyle {}
public struct PlainButtonStyle: PrimitiveButtonStyle {}
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}

extension PrimitiveButtonStyle where Self == PlainButtonStyle {
  public static var plain: PlainButtonStyle { .init() }
}

extension PrimitiveButtonStyle where Self == BorderedButtonStyle {
  public static var bordered: BorderedButtonStyle { .init() }
}

extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
  public static var borderedProminent: BorderedProminentButtonStyle { .init() }
}

public enum ControlSize: Sendable { case small, regular, large }

@MainActor public struct Menu<L: View, C: View>: View {
  public init(@ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {}
  public var body: Never { fatalError() }
}

@MainActor public struct Toggle<L: View>: View {
  public init(isOn: Binding<Bool>, @ViewBuilder label: () -> L) {}
  public var body: Never { fatalError() }
}

@MainActor public struct Slider<L: View, M: View>: View {
  public init(
    value: Binding<Double>, in bounds: ClosedRange<Double>, step: Double = 1, @ViewBuilder label: () -> L,
    @ViewBuilder minimumValueLabel: () -> M, @ViewBuilder maximumValueLabel: () -> M,
    onEditingChanged: @escaping (Bool) -> Void = { _ in }
  ) {}
  public var body: Never { fatalError() }
}

@MainActor public struct TextField: View {
  public init(_ title: String, text: Binding<String>, prompt: Text? = nil) {}
  public init(_ title: String, text: Binding<String>, axis: Axis) {}
  public var body: Never { fatalError() }
}

@MainActor public struct SecureField: View {
  public init(_ title: String, text: Binding<String>) {}
  public var body: Never { fatalError() }
}

public struct DatePickerComponents: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let date = DatePickerComponents(rawValue: 1)
  public static let hourAndMinute = DatePickerComponents(rawValue: 2)
}

@MainActor public struct DatePicker: View {
  public init(
    _ title: String, selection: Binding<Date>, displayedComponents: DatePickerComponents = [.date, .hourAndMinute]
  ) {}
  public var body: Never { fatalError() }
}

@MainActor public struct ProgressView: View {
  public init() {}
  public init(_ title: String) {}
  public init(value: Double?, total: Double = 1) {}
  public var body: Never { fatalError() }
}

public protocol ProgressViewStyle {}
public struct LinearProgressViewStyle: ProgressViewStyle {}

extension ProgressViewStyle where Self == LinearProgressViewStyle {
  public static var linear: LinearProgressViewStyle { .init() }
}

public enum SubmitLabel: Sendable { case done, search }
public struct TextInputAutocapitalization: Sendable {
  public static var never: TextInputAutocapitalization { .init() }
}

public enum ScrollDismissesKeyboardMode: Sendable { case interactively, immediately }

// MARK: - Toolbars, sheets, movement

@MainActor @preconcurrency public protocol ToolbarContent {}

@resultBuilder public struct ToolbarContentBuilder {
  public static func buildExpression<C: ToolbarContent>(_ content: C) -> C { content }
  public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> AnyToolbarContent { fatalError() }
  public static func buildIf<C: ToolbarContent>(_ content: C?) -> C? { content }
}

extension Optional: ToolbarContent where Wrapped: ToolbarContent {}

@MainActor public struct AnyToolbarContent: ToolbarContent {}

public struct ToolbarItemPlacement: Sendable {
  public static let principal = ToolbarItemPlacement()
  public static let topBarLeading = ToolbarItemPlacement()
  public static let topBarTrailing = ToolbarItemPlacement()
  public static let cancellationAction = ToolbarItemPlacement()
  public static let keyboard = ToolbarItemPlacement()
}

@MainActor public struct ToolbarItem<C: View>: ToolbarContent {
  public init(placement: ToolbarItemPlacement, @ViewBuilder content: () -> C) {}
}

@MainActor public struct ToolbarItemGroup<C: View>: ToolbarContent {
  public init(placement: ToolbarItemPlacement, @ViewBuilder content: () -> C) {}
}

public enum NavigationBarItem {
  public enum TitleDisplayMode: Sendable { case inline, large }
}

public enum Visibility: Sendable { case automatic, visible, hidden }

public struct PresentationDetent: Hashable, Sendable {
  public static let medium = PresentationDetent()
  public static let large = PresentationDetent()
}

public struct Animation: Sendable {
  public static let `default` = Animation()
}

public struct AnyTransition {
  @MainActor public static let opacity = AnyTransition()
  public static func move(edge: Edge) -> AnyTransition { .init() }
  public func combined(with other: AnyTransition) -> AnyTransition { self }
}

@MainActor public func withAnimation(_ work: () -> Void) { work() }

public enum AccessibilityNotification {
  public struct Announcement {
    public init(_ text: String) {}
    public func post() {}
  }
}

public struct AccessibilityChildBehavior: Sendable {
  public static let combine = AccessibilityChildBehavior()
  public static let contain = AccessibilityChildBehavior()
  public static let ignore = AccessibilityChildBehavior()
}

public struct AccessibilityActionKind: Sendable {
  public static let `default` = AccessibilityActionKind()
  public static let escape = AccessibilityActionKind()
}

public struct AccessibilityTraits: SetAlgebra, OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public static let isHeader = AccessibilityTraits(rawValue: 1)
  public static let isSelected = AccessibilityTraits(rawValue: 2)
  public static let isImage = AccessibilityTraits(rawValue: 4)
}

// MARK: - Modifiers

extension View {
  public func font(_ font: Font?) -> some View { AnyContent() }
  public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { AnyContent() }
  public func tint(_ color: Color?) -> some View { AnyContent() }
  public func multilineTextAlignment(_ alignment: TextAlignment) -> some View { AnyContent() }
  public func lineLimit(_ limit: Int?) -> some View { AnyContent() }
  public func lineLimit(_ limit: ClosedRange<Int>) -> some View { AnyContent() }
  public func lineSpacing(_ spacing: CGFloat) -> some View { AnyContent() }
  public func textSelection<S: TextSelectability>(_ selection: S) -> some View { AnyContent() }
  public func dynamicTypeSize<T: RangeExpression>(_ range: T) -> some View where T.Bound == DynamicTypeSize {
    AnyContent()
  }
  public func imageScale(_ scale: Image.Scale) -> some View { AnyContent() }
  public func labelStyle<S: LabelStyle>(_ style: S) -> some View { AnyContent() }
  public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { AnyContent() }
  public func padding(_ length: CGFloat) -> some View { AnyContent() }
  public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View {
    AnyContent()
  }
  public func frame(
    minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil,
    idealHeight: CGFloat? = nil, maxHeight: CGFloat? = nil, alignment: Alignment = .center
  ) -> some View { AnyContent() }
  public func offset(x: CGFloat = 0, y: CGFloat = 0) -> some View { AnyContent() }
  public func scaledToFit() -> some View { AnyContent() }
  public func scaledToFill() -> some View { AnyContent() }
  public func rotationEffect(_ angle: Angle) -> some View { AnyContent() }
  public func opacity(_ opacity: Double) -> some View { AnyContent() }
  public func shadow(radius: CGFloat, x: CGFloat = 0, y: CGFloat = 0) -> some View { AnyContent() }
  public func clipShape<S: Shape>(_ shape: S) -> some View { AnyContent() }
  public func contentShape<S: Shape>(_ shape: S) -> some View { AnyContent() }
  public func background<S: ShapeStyle>(_ style: S) -> some View { AnyContent() }
  public func background<S: ShapeStyle, T: Shape>(_ style: S, in shape: T) -> some View { AnyContent() }
  public func background<C: View>(alignment: Alignment = .center, @ViewBuilder content: () -> C) -> some View {
    AnyContent()
  }
  public func overlay<C: View>(alignment: Alignment = .center, @ViewBuilder content: () -> C) -> some View {
    AnyContent()
  }
  public func safeAreaInset<C: View>(
    edge: VerticalEdge, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
  ) -> some View { AnyContent() }
  public func modifier<M: ViewModifier>(_ modifier: M) -> some View { AnyContent() }
  public func id<I: Hashable>(_ id: I) -> some View { AnyContent() }

  public func environment<T: AnyObject & Observable>(_ object: T?) -> some View { AnyContent() }
  public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View { AnyContent() }

  public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { AnyContent() }
  public func progressViewStyle<S: ProgressViewStyle>(_ style: S) -> some View { AnyContent() }
  public func controlSize(_ size: ControlSize) -> some View { AnyContent() }
  public func disabled(_ disabled: Bool) -> some View { AnyContent() }
  public func labelsHidden() -> some View { AnyContent() }
  public func keyboardType(_ type: UIKeyboardType) -> some View { AnyContent() }
  public func textContentType(_ type: UITextContentType?) -> some View { AnyContent() }
  public func autocorrectionDisabled(_ disable: Bool = true) -> some View { AnyContent() }
  public func textInputAutocapitalization(_ kind: TextInputAutocapitalization?) -> some View { AnyContent() }
  public func submitLabel(_ label: SubmitLabel) -> some View { AnyContent() }
  public func focused(_ condition: FocusState<Bool>.Binding) -> some View { AnyContent() }
  public func onSubmit(_ action: @escaping () -> Void) -> some View { AnyContent() }
  public func scrollDismissesKeyboard(_ mode: ScrollDismissesKeyboardMode) -> some View { AnyContent() }

  public func onAppear(perform: (() -> Void)? = nil) -> some View { AnyContent() }
  public func onChange<V: Equatable>(
    of value: V, initial: Bool = false, _ action: @escaping (_ old: V, _ new: V) -> Void
  ) -> some View { AnyContent() }
  public func onChange<V: Equatable>(of value: V, initial: Bool = false, _ action: @escaping () -> Void) -> some View {
    AnyContent()
  }
  @preconcurrency public func task(
    priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void
  ) -> some View { AnyContent() }
  @preconcurrency public func task<T: Equatable>(
    id: T, priority: TaskPriority = .userInitiated,
    @_inheritActorContext _ action: @escaping @Sendable () async -> Void
  ) -> some View { AnyContent() }
  @preconcurrency public func refreshable(
    @_inheritActorContext action: @escaping @Sendable () async -> Void
  ) -> some View { AnyContent() }

  public func navigationTitle(_ title: String) -> some View { AnyContent() }
  public func navigationBarTitleDisplayMode(_ mode: NavigationBarItem.TitleDisplayMode) -> some View { AnyContent() }
  public func navigationBarBackButtonHidden(_ hides: Bool = true) -> some View { AnyContent() }
  public func toolbar<C: ToolbarContent>(@ToolbarContentBuilder content: () -> C) -> some View { AnyContent() }
  public func sheet<I: Identifiable, C: View>(
    item: Binding<I?>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping (I) -> C
  ) -> some View { AnyContent() }
  public func confirmationDialog<A: View, T>(
    _ title: String, isPresented: Binding<Bool>, titleVisibility: Visibility = .automatic, presenting: T?,
    @ViewBuilder actions: (T) -> A
  ) -> some View { AnyContent() }
  public func presentationDetents(_ detents: Set<PresentationDetent>) -> some View { AnyContent() }
  public func interactiveDismissDisabled(_ disabled: Bool = true) -> some View { AnyContent() }
  public func transition(_ transition: AnyTransition) -> some View { AnyContent() }
  public func animation<V: Equatable>(_ animation: Animation?, value: V) -> some View { AnyContent() }

  public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View { AnyContent() }
  public func accessibilityLabel(_ label: String) -> some View { AnyContent() }
  public func accessibilityValue(_ value: String) -> some View { AnyContent() }
  public func accessibilityHint(_ hint: String) -> some View { AnyContent() }
  public func accessibilityHidden(_ hidden: Bool) -> some View { AnyContent() }
  public func accessibilityShowsLargeContentViewer<C: View>(@ViewBuilder _ content: () -> C) -> some View {
    AnyContent()
  }
  public func accessibilityAction(
    _ kind: AccessibilityActionKind = .default, _ handler: @escaping () -> Void
  ) -> some View { AnyContent() }
  public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { AnyContent() }
}

// MARK: - The app

@MainActor @preconcurrency public protocol Scene {
  associatedtype Body: Scene
  @SceneBuilder @MainActor var body: Body { get }
}

extension Never: Scene {}

@resultBuilder public struct SceneBuilder {
  public static func buildBlock<C: Scene>(_ content: C) -> C { content }
}

extension Scene {
  public func onChange<V: Equatable>(
    of value: V, initial: Bool = false, _ action: @escaping (_ old: V, _ new: V) -> Void
  ) -> some Scene { self }
}

@MainActor public struct WindowGroup<C: View>: Scene {
  public init(@ViewBuilder content: @escaping () -> C) {}
  public var body: Never { fatalError() }
}

@MainActor @preconcurrency public protocol App {
  associatedtype Body: Scene
  @SceneBuilder @MainActor var body: Body { get }
  init()
}

extension App {
  public static func main() {}
}

@MainActor @propertyWrapper public struct UIApplicationDelegateAdaptor<D: NSObject & UIApplicationDelegate>:
  DynamicProperty
{
  public init(_ type: D.Type = D.self) {}
  public var wrappedValue: D { fatalError() }
}
