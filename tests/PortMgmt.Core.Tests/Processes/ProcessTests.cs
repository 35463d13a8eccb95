using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>Tests that start many processes: one after another, and not beside the others, whose patience they would try.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "Processes";
}
