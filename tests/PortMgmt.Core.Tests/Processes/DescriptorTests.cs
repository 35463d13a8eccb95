using PortMgmt.Leases;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>Processes that have used up their descriptors: refused clearly, and never led to another table than that of all.</summary>
[Collection(ProcessTests.Name)]
public sealed class DescriptorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public DescriptorTests() => Needs.Linux();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public void Platform_NoDescriptorFree_RefusesRatherThanGuesses()
    {
        using var child = TestChild.Start(null, ["exhausted"]);

        // A boot taken for unknown would mean another table, a start taken for hidden a lease that never ends.
        Assert.Equal("refused", child.Output.ReadLine());
        Assert.Equal("refused", child.Output.ReadLine());
        Assert.Equal("refused", child.Output.ReadLine());
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Acquire_DescriptorsRunOut_FailsClearlyAndSucceedsWithThem(int free)
    {
        using var child = TestChild.Lease(_directory.Path);
        int first = child.DoForNumber("take name=first");
        child.Do("files 5");
        int second = child.DoForNumber("take name=second");

        child.Do($"files {free}");
        Assert.StartsWith("error RegistryUnavailable", child.Try("take name=third"), StringComparison.Ordinal);
        child.Do("files all");

        int third = child.DoForNumber("take name=third");
        Assert.Equal(new[] { first, second, third }.Order(), Registry.GetLeases().Select(static lease => lease.Port));
    }

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path });
}
