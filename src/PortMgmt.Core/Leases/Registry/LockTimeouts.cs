using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases.Registry;

/// <summary>How long calls wait for the registry's lock.</summary>
internal static class LockTimeouts
{
    /// <summary>The environment variable that sets the longest wait in all.</summary>
    public const string Variable = "PORTMGMT_LOCK_TIMEOUT";

    /// <summary>The longest that the lock may stay in one hand: some thousand times what a call has it for.</summary>
    public static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait in all, unless set: a thousand callers who came at once, and then some.</summary>
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(60);

    // More than that a wait of the system cannot count.
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(24);

    /// <summary>The longest wait in all: what the caller said, else the environment, else a minute.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/> when that is no time to wait.</exception>
    public static TimeSpan Resolve(TimeSpan? asked)
    {
        if (asked is not { } time)
        {
            return ReadEnvironment() ?? Total;
        }

        return time == Timeout.InfiniteTimeSpan || IsValid(time)
            ? time
            : throw PortRefusals.Invalid($"A wait of {time} for the lock makes no sense: name a time from zero to {MaxWait.Days} days, or an infinite one.");
    }

    private static TimeSpan? ReadEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return null;
        }

        return DurationText.TryParse(text, out TimeSpan time) && IsValid(time)
            ? time
            : throw PortRefusals.Invalid($"'{text}' in {Variable} is no time to wait for the registry's lock. {DurationText.Forms} 0 is for no wait, {MaxWait.Days}d the longest.");
    }

    private static bool IsValid(TimeSpan time) => time >= TimeSpan.Zero && time <= MaxWait;
}
