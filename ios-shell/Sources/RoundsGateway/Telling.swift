import RoundsCore
import RoundsModel

/// Errors of the bindings as the model knows them.
func telling<T>(_ work: () throws -> T) throws -> T {
  do {
    return try work()
  } catch {
    throw trouble(error)
  }
}

func telling<T>(_ work: () async throws -> T) async throws -> T {
  do {
    return try await work()
  } catch {
    throw trouble(error)
  }
}

private func trouble(_ error: any Error) -> any Error {
  switch error {
  case let error as PhoneError: Trouble(error)
  case let error as CaptureError: Trouble(code: "machine", text: String(describing: error))
  default: error
  }
}

extension Trouble {
  init(_ error: PhoneError) {
    switch error {
    case .Closed(let code, let text, let remedy), .Usage(let code, let text, let remedy),
      .Refused(let code, let text, let remedy), .Offline(let code, let text, let remedy),
      .Access(let code, let text, let remedy), .Storage(let code, let text, let remedy),
      .Internal(let code, let text, let remedy):
      self.init(code: code, text: text, remedy: remedy.isEmpty ? nil : remedy, needsPerson: error.isAboutAccess)
    }
  }
}

extension PhoneError {
  fileprivate var isAboutAccess: Bool {
    guard case .Access = self else { return false }
    return true
  }
}
