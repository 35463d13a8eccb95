using System.Diagnostics;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>
/// Fresh processes that all want a port at the same moment. The long form runs where <c>PORTMGMT_SOAK=1</c> asks for it, against the
/// native program if <c>PORTMGMT_TEST_PROGRAM</c> names that; the short one always.
/// </summary>
[Trait("Category", "Soak")]
public sealed class ColdCallersTests : CommandLineFixture
{
    // The gate is a file that all wait for: whoever starts early does not begin early.
    private const string Storm =
        """
        exec 8<>gate
        flock 8
        for i in $(seq "$1"); do
            flock --shared gate "$portmgmt" lease new >"out.$i" 2>"error.$i" 8<&- || echo "$?" >>failed &
        done
        flock --unlock 8
        wait
        cat out.*
        cat error.* >&2
        [ ! -e failed ]
        """;

    [Fact]
    public void LeaseNew_ColdCallersAtOnce_EachGetsAPortOfItsOwn() => RunStorm(30);

    [Fact]
    public void LeaseNew_FiveHundredColdCallersAtOnce_EachGetsAPortOfItsOwn()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PORTMGMT_SOAK") == "1", "Set PORTMGMT_SOAK=1 for the long form.");
        RunStorm(500);
    }

    [Fact]
    public void LeaseNew_ProcessesStartedAtOnce_EachGetAPortOfTheirOwn()
    {
        Process[] callers = [.. Enumerable.Range(0, 8).Select(_ => Start(Executable, "lease", "new"))];
        string[] ports = [.. callers.Select(caller => Finish(caller).Expect(0).Output)];

        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.Equal(ports.Length, Leases().Length);
    }

    private void RunStorm(int callers)
    {
        CliResult storm = Shell(Storm, $"{callers}").Expect(0);

        Assert.Equal("", storm.Error);
        Assert.Equal(callers, storm.Lines.Length);
        Assert.Equal(callers, storm.Lines.Distinct().Count());
        Assert.Equal(callers, Leases().Length);
    }
}
