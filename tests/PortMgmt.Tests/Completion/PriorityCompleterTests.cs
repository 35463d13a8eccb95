using PortMgmt.PowerShell.Completion;
using Xunit;

namespace PortMgmt.Tests.Completion;

public sealed class PriorityCompleterTests
{
    [Theory]
    [InlineData("", new[] { "Low", "Normal", "High" })]
    [InlineData(null, new[] { "Low", "Normal", "High" })]
    [InlineData("h", new[] { "High" })]
    [InlineData("'no", new[] { "Normal" })]
    [InlineData("x", new string[0])]
    public void CompleteArgument_Word_HasTheNamesThatBeginWithIt(string? word, string[] expected) => Assert.Equal(
        expected.Order(StringComparer.Ordinal),
        new PriorityCompleter().CompleteArgument("Start-OperationBatch", "Priority", word!, null!, null!).Select(static found => found.CompletionText).Order(StringComparer.Ordinal));
}
