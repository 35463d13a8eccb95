using Xunit;

namespace PortMgmt.Chaos;

/// <summary>The tests of this assembly use the whole machine: one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "Processes";
}
