using Microsoft.Extensions.Time.Testing;
using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>What the error says of a lock that was not got: what was seen, and a way out that fits.</summary>
public sealed class LockFailureTests
{
    private static readonly RegistryLocation Location = new("/nowhere", PortRegistrySource.Option);
    private readonly FakeTimeProvider _time = new();
    private long _hand;

    [Fact]
    public void From_LockThatIsPassedOn_SaysThatItIsInUseAndHowToWaitLonger()
    {
        LockWait wait = Begin();
        while (wait.Look() is { Ticks: > 0 } next)
        {
            _time.Advance(next);
            _hand++;
        }

        string message = Describe(wait, default);

        Assert.Contains("was in use for all of the 60 seconds", message, StringComparison.Ordinal);
        Assert.Contains("--lock-timeout, -LockTimeout, PORTMGMT_LOCK_TIMEOUT", message, StringComparison.Ordinal);
        Assert.DoesNotContain("is stopped", message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_LockThatStays_SaysForHowLongAndToSeeAfterTheHolder()
    {
        LockWait wait = Begin();
        while (wait.Look() is { Ticks: > 0 } next)
        {
            _time.Advance(next);
        }

        string message = Describe(wait, default);

        Assert.Contains("is locked by another process, and in 2 seconds the lock did not change hands", message, StringComparison.Ordinal);
        Assert.Contains("see whether that process is stopped", message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_HolderNamedByTheSystem_SaysForHowLongItHasHadTheLock()
    {
        var host = new FakePlatform { LockUsers = (4711, [4712, 4713]) };

        string message = Describe(null, new LockStamp(4711, 1_000_000), host, 8_500_000);

        Assert.Contains("is locked by process 4711 (for 7.5 seconds), with 2 others waiting, and this call was not to wait", message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_NoteOfAnotherProcessThanTheHolder_SaysNothingOfItsTime()
    {
        var host = new FakePlatform { LockUsers = (4711, [4712]) };

        string message = Describe(null, new LockStamp(99, 1_000_000), host, 8_500_000);

        Assert.Contains("is locked by process 4711, with one other waiting", message, StringComparison.Ordinal);
    }

    /// <summary>The note is of whoever had the lock last, who may be gone: it is told as what it is, and on Linux, which would know, not at all.</summary>
    [Fact]
    public void From_NoteWhereTheSystemNamesNobody_IsNotTakenForTheHolders()
    {
        string message = Describe(null, new LockStamp(99, 1_000_000), now: 8_500_000);

        string note = OperatingSystem.IsLinux() ? "" : " (process 99 was the last seen to take it, 7.5 seconds ago)";
        Assert.Contains($"is locked by another process{note}, and this call was not to wait", message, StringComparison.Ordinal);
    }

    private LockWait Begin() => new(_time, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), () => _hand);

    private static string Describe(LockWait? wait, LockStamp stamp, FakePlatform? host = null, long now = 0)
    {
        PortRegistryException failure = LockFailure.From(host ?? new FakePlatform(), Location, stamp, now, wait);
        Assert.Equal(PortRegistryErrorCode.RegistryLocked, failure.Code);
        return failure.Message;
    }
}
