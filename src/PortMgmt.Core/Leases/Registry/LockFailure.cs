using System.Globalization;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Says why a lock was not got: who has it, for how long, how many wait for it, and what to do.</summary>
internal static class LockFailure
{
    /// <summary>Makes the error of a wait that is over.</summary>
    /// <param name="platform">The system, which may know who has the lock.</param>
    /// <param name="location">The registry.</param>
    /// <param name="stamp">What the lock's file says.</param>
    /// <param name="now">The moment, as in stamps.</param>
    /// <param name="wait">The wait; null where there was to be none.</param>
    public static PortRegistryException From(HostPlatform platform, RegistryLocation location, LockStamp stamp, long now, LockWait? wait)
    {
        (int? holder, IReadOnlyList<int> waiters) = platform.GetLockUsers(location.LockFile);
        int others = waiters.Count(static id => id != Environment.ProcessId) + platform.CountQueued(location.LockFile);
        string state = $"{NameHolder(holder, stamp, now)}{Count(others)}";
        return new PortRegistryException(
            PortRegistryErrorCode.RegistryLocked,
            $"The registry '{location.Directory}' {(wait is null ? WithoutWait(state) : AfterWait(state, wait))}");
    }

    private static string WithoutWait(string state) =>
        $"is locked by {state}, and this call was not to wait. Call again, or let it wait: {Ways}.";

    private static string AfterWait(string state, LockWait wait) => wait.HasMoved && wait.Unchanged < LockTimeouts.Stalled
        ? $"was in use for all of the {Seconds(wait.Elapsed)} that this call waited: the lock is passed on, and is with {state}. Call again, let it wait longer ({Ways}), or have fewer call at once."
        : $"is locked by {state}, and in {Seconds(wait.Unchanged)} the lock did not change hands. A call has it for less than a millisecond: see whether that process is stopped, and continue or end it.";

    private static string Ways => $"--lock-timeout, -LockTimeout, {LockTimeouts.Variable}";

    private static string NameHolder(int? holder, LockStamp stamp, long now)
    {
        string since = now >= stamp.Since ? Seconds(TimeSpan.FromMicroseconds(now - stamp.Since)) : "";
        if (holder is { } process)
        {
            return string.Create(CultureInfo.InvariantCulture, $"process {process}{(stamp.ProcessId == process && since.Length > 0 ? $" (for {since})" : "")}");
        }

        // A stamp stays when the lock goes on, so that it does not tell who has it; on Linux it may be in another namespace's numbers, too.
        return OperatingSystem.IsLinux() || stamp.ProcessId == 0
            ? "another process"
            : string.Create(CultureInfo.InvariantCulture, $"another process (process {stamp.ProcessId} was the last seen to take it{(since.Length > 0 ? $", {since} ago" : "")})");
    }

    private static string Count(int others) => others switch
    {
        0 => "",
        1 => ", with one other waiting",
        _ => string.Create(CultureInfo.InvariantCulture, $", with {others} others waiting"),
    };

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} seconds");
}
