using System.Globalization;

namespace PortMgmt.Operations.Errors;

/// <summary>The errors that results carry, with their words in one place.</summary>
internal static class OperationErrors
{
    public static OperationException Cancelled(string? id, Exception? cause = null) => new(
        OperationErrorCode.OperationCancelled, $"{Name(id)} was cancelled because its batch was stopped.", cause);

    public static OperationException TimedOut(string? id, TimeSpan timeout, Exception? cause = null) => new(
        OperationErrorCode.OperationTimedOut,
        string.Create(CultureInfo.InvariantCulture, $"{Name(id)} took longer than its {timeout.TotalSeconds:0.###} s: allow more time, or find out what it waits for.{(cause is TimeoutException ? " It was told to stop and does not; it may be in native code, and goes on until this process ends." : "")}"),
        cause);

    public static OperationException Rejected(string? id, long capacity) => new(
        OperationErrorCode.OperationRejected,
        $"{Name(id)} was rejected because {capacity} operations wait or run already: "
        + "send fewer at a time, raise the capacity, or let the caller wait.");

    public static OperationException WorkerUnavailable(string? id, Exception cause) => new(
        OperationErrorCode.WorkerUnavailable, $"{Name(id)} found no worker, none could be started: {cause.Message}", cause);

    public static TimeoutException NotHeeded() => new(
        "The executor did not heed its cancellation within the grace; its worker is not used again.");

    private static string Name(string? id) => id is null ? "The operation" : $"Operation '{id}'";
}
