using System.Runtime.Versioning;
using PortMgmt.Tests.Processes;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.Chaos;

[Collection(ProcessTests.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class StormTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Storm_FaultsInEveryProcess_LeavesATrueTableAfterEachRound()
    {
        Needs.Linux();
        using var directory = new TemporaryDirectory();
        var ledger = new ChaosLedger(output);
        var storm = new Storm(directory.Path, ledger, new StandingLeases(directory.Path, ChaosScale.StandingLeases));

        for (int round = 1; round <= ChaosScale.Rounds; round++)
        {
            storm.Rage(round, ChaosScale.Workers);
        }

        ledger.Close();
    }
}
