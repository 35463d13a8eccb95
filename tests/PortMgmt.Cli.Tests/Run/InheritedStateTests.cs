using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

public sealed class InheritedStateTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int TerminalStop = 20;
    private const int FileSize = 25;

    // As the runtime leaves it: SIGPIPE ignored, SIGINT, SIGTERM and others caught.
    private static readonly ProcessStatus Self = new("portmgmt", 100, Mask(InheritedState.BrokenPipe), Mask(Interrupt, Terminate), default);

    [Fact]
    public void IgnoredSignalsParentIgnoresNothingNothingIsIgnored() => Assert.Equal(0UL, InheritedState.IgnoredSignals(Self, Parent("sh")));

    [Fact]
    public void IgnoredSignalsParentIsHiddenNothingIsIgnored() => Assert.Equal(0UL, InheritedState.IgnoredSignals(Self, null));

    [Fact]
    public void IgnoredSignalsParentIgnoresWhatTheRuntimeChangedTheSameAreIgnored() => Assert.Equal(
        Mask(InheritedState.BrokenPipe, Terminate),
        InheritedState.IgnoredSignals(Self, Parent("systemd", InheritedState.BrokenPipe, Terminate)));

    [Fact]
    public void IgnoredSignalsCaughtInterruptIsNeverTakenForIgnored() =>
        Assert.Equal(0UL, InheritedState.IgnoredSignals(Self, Parent("bash", Interrupt)));

    [Theory]
    [InlineData("bash", Terminate, TerminalStop)]
    [InlineData("python3", InheritedState.BrokenPipe, FileSize)]
    public void IgnoredSignalsParentResetsForItsChildrenNothingIsIgnored(string name, int changed, int untouched) =>
        Assert.Equal(0UL, InheritedState.IgnoredSignals(Self, Parent(name, changed, untouched)));

    [Fact]
    public void IgnoredSignalsParentIsSshServerNothingIsIgnored() =>
        Assert.Equal(0UL, InheritedState.IgnoredSignals(Self, Parent("sshd", InheritedState.BrokenPipe)));

    [Fact]
    public void SoftOpenFilesParentHasTheSameHardLimitItsSoftLimitHolds() =>
        Assert.Equal((nuint)256, InheritedState.SoftOpenFiles(new ResourceLimit(4000, 4000), Parent("sh") with { OpenFiles = new ResourceLimit(256, 4000) }));

    [SkippableTheory]
    [InlineData(524_288, 1024)]
    [InlineData(4096, 1024)]
    [InlineData(2000, 2000)]
    public void SoftOpenFilesParentSaysNothingDefaultsOfTheSystemHold(int hard, int expected)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Linux only: other systems have other defaults.");
        var current = new ResourceLimit((nuint)hard, (nuint)hard);
        ProcessStatus manager = Parent("systemd") with { OpenFiles = new ResourceLimit((nuint)hard, (nuint)hard) };
        Assert.Equal((nuint)expected, InheritedState.SoftOpenFiles(current, null));
        Assert.Equal((nuint)expected, InheritedState.SoftOpenFiles(current, manager));
    }

    [Fact]
    public void ParseFilesOfProcReadsThem()
    {
        var status = ProcessStatus.Parse(
            ["Name:\ttmux: server", "PPid:\t42", "SigIgn:\t0000000000001000", "SigCgt:\t0000000000000400"],
            ["Limit                     Soft Limit           Hard Limit           Units     ", "Max open files            1024                 unlimited            files     "]);
        Assert.Equal(new ProcessStatus("tmux: server", 42, 0x1000, 0x400, new ResourceLimit(1024, nuint.MaxValue)), status);
    }

    private static ProcessStatus Parent(string name, params int[] ignored) => new(name, 1, Mask(ignored), 0, default);

    private static ulong Mask(params int[] signals) => signals.Aggregate(0UL, (mask, signal) => mask | (1UL << (signal - 1)));
}
