import Foundation

/// Dates and times between their stored form and what a picker holds. The stored form is a wall clock's,
/// in the Gregorian calendar, whatever calendar and zone the phone shows.
public struct DateAnswer: Sendable {
  public enum Form: Sendable, Equatable {
    /// `2026-11-23`
    case date
    /// `09:12`
    case time
    /// `2026-11-23T09:12`
    case dateTime

    /// None if the question asks for no date and no time.
    public init?(_ input: Input) {
      switch input {
      case .date: self = .date
      case .time: self = .time
      case .dateTime: self = .dateTime
      default: return nil
      }
    }
  }

  public let form: Form
  private let calendar: Calendar

  public init(_ form: Form, zone: TimeZone = .current) {
    self.form = form
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    self.calendar = calendar
  }

  /// The moment that a picker shows; none if nothing, or nothing of this form, is stored. Seconds and a
  /// zone behind the minutes, as other programs write them, are not shown.
  public func date(_ stored: String, today: Date = Date()) -> Date? {
    var parts = DateComponents()
    let halves = stored.split(separator: "T", omittingEmptySubsequences: false)
    switch (form, halves.count) {
    case (.date, 1...2):
      guard readDay(halves[0], &parts) else { return nil }
    case (.time, 1):
      let day = calendar.dateComponents([.year, .month, .day], from: today)
      (parts.year, parts.month, parts.day) = (day.year, day.month, day.day)
      guard readTime(halves[0], &parts) else { return nil }
    case (.dateTime, 2):
      guard readDay(halves[0], &parts), readTime(halves[1], &parts) else { return nil }
    default:
      return nil
    }
    guard parts.isValidDate(in: calendar) else { return nil }
    return calendar.date(from: parts)
  }

  /// What is stored of what a picker shows.
  public func stored(_ date: Date) -> String {
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
    let day = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    let time = "\(padded(parts.hour, 2)):\(padded(parts.minute, 2))"
    switch form {
    case .date: return day
    case .time: return time
    case .dateTime: return day + "T" + time
    }
  }

  /// What is stored when somebody begins to choose: now, from where it is not far to most answers.
  public func now(_ moment: Date = Date()) -> String { stored(moment) }

  private func readDay(_ text: Substring, _ parts: inout DateComponents) -> Bool {
    let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { digits($0) }
    guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else { return false }
    (parts.year, parts.month, parts.day) = (year, month, day)
    return true
  }

  private func readTime(_ text: Substring, _ parts: inout DateComponents) -> Bool {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count >= 2, let hour = digits(numbers[0]), let minute = digits(numbers[1].prefix(2)) else {
      return false
    }
    (parts.hour, parts.minute) = (hour, minute)
    return true
  }

  private func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }

  private func padded(_ number: Int?, _ width: Int) -> String {
    let text = String(number ?? 0)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
