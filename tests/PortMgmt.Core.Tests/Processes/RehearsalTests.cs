using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>What is compiled in a fresh process is compiled before the lock is taken.</summary>
[Collection(ProcessTests.Name)]
public sealed class RehearsalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FirstCalls_FreshProcess_CompileNextToNothingUnderTheLock(int others)
    {
        for (int i = 0; i < others; i++)
        {
            using var other = TestChild.Lease(_directory.Path);
            other.Do("take name=web");
        }

        using var child = TestChild.Start(_directory.Path, ["compiled"]);
        int[] compiled = [.. child.Output.ReadLine()!.Split(' ').Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];

        // A lease alone has some three hundred methods on its way.
        Assert.All(compiled, static count => Assert.InRange(count, 0, 12));
    }

    [Fact]
    public void FirstCalls_Rehearsed_LeaveNothingButTheirLease()
    {
        using var child = TestChild.Lease(_directory.Path);
        child.Do("take name=web");

        Assert.Equal("web", Assert.Single(PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path }).GetLeases()).Name);
        Assert.Equal(["leases.lock", ".table"], Directory.GetFiles(_directory.Path).Order(StringComparer.Ordinal).Reverse().Select(static file => file.EndsWith(".table", StringComparison.Ordinal) ? ".table" : Path.GetFileName(file)));
    }
}
