using System.Collections;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Batches;
using Xunit;

namespace PortMgmt.Tests.Batches;

[Collection(EngineTests.Name)]
public sealed class OperationFactoryTests(EngineFixture engine)
{
    [Fact]
    public void Make_NothingAskedFor_HasTheInputAlone()
    {
        Operation<PSObject?> operation = new OperationFactory(null, null, null, OperationPriority.Normal).Make("web");

        Assert.Equal("web", operation.Input?.BaseObject);
        Assert.Equal((null, null, OperationPriority.Normal, null), (operation.Id, operation.Type, operation.Priority, operation.Metadata));
    }

    [Fact]
    public void Make_EverythingByScriptBlocks_IsFoundForTheInput()
    {
        engine.Enter();
        var factory = new OperationFactory(
            ScriptBlock.Create("\"id$_\""), ScriptBlock.Create("\"type$_\""), ScriptBlock.Create("@{ Twice = $_ * 2 }"), ScriptBlock.Create("if ($_ -gt 1) { 'High' } else { 'Low' }"));

        Operation<PSObject?> first = factory.Make(1);
        Operation<PSObject?> second = factory.Make(2);

        Assert.Equal(("id1", "type1", OperationPriority.Low), (first.Id, first.Type, first.Priority));
        Assert.Equal(("id2", "type2", OperationPriority.High), (second.Id, second.Type, second.Priority));
        Assert.Equal([4], second.Metadata!.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Make_EmptyType_IsNone(string? type) => Assert.Null(new OperationFactory(null, type, null, "Normal").Make("web").Type);

    [Theory]
    [InlineData("low", OperationPriority.Low)]
    [InlineData("HIGH", OperationPriority.High)]
    [InlineData(OperationPriority.High, OperationPriority.High)]
    public void Make_Priority_IsReadWithoutRegardToCase(object given, OperationPriority expected) =>
        Assert.Equal(expected, new OperationFactory(null, null, null, given).Make("web").Priority);

    [Fact]
    public void Make_Metadata_IsACopyWhoseKeysHaveNoCase()
    {
        var table = new Hashtable { ["Owner"] = "me", [7] = "seven" };

        IReadOnlyDictionary<string, object?> metadata = new OperationFactory(null, null, table, "Normal").Make("web").Metadata!;
        table.Clear();

        Assert.Equal(("me", "seven", 2), (metadata["owner"], metadata["7"], metadata.Count));
    }

    [Theory]
    [InlineData("Priority", "urgent", null)]
    [InlineData("Metadata", "Normal", "text")]
    public void Make_ValueThatTheParameterDoesNotTake_NamesTheParameter(string option, object priority, object? metadata)
    {
        OperationException failure = Assert.Throws<OperationException>(() => new OperationFactory(null, null, metadata, priority).Make("web"));

        Assert.Equal((OperationErrorCode.InvalidOption, option), (failure.Code, failure.Option));
        Assert.StartsWith($"-{option} is '", failure.Message, StringComparison.Ordinal);
    }
}
