using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Any history of takes, renewals, releases, deaths and sweeps, beside a model: lists and refusals agree after each step.</summary>
public sealed class RegistryModelTests
{
    private const int Histories = 200;
    private const int LongestHistory = 80;

    [Fact]
    public void AnyHistory_BesideTheModel_Agrees() => Prop.ForAll(
        ModelStep.Histories(),
        steps =>
        {
            using var history = new RegistryHistory();
            foreach (ModelStep step in steps)
            {
                history.Do(step);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithEndSize(LongestHistory));
}
