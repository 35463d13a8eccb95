using Xunit;

namespace PortMgmt.Tests.Completion;

public sealed class ValueCompleterTests
{
    [Theory]
    [InlineData("", new[] { "web/api", "'with space'", "'it''s'", "'web*'" })]
    [InlineData("WEB", new[] { "web/api", "'web*'" })]
    [InlineData("'with", new[] { "'with space'" })]
    [InlineData("*api", new[] { "web/api" })]
    [InlineData("none", new string[0])]
    public void CompleteArgument_Word_HasTheValuesThatBeginWithItQuotedWhereNeeded(string word, string[] expected) =>
        Assert.Equal(expected, new FixedCompleter().CompleteArgument("New-PortLease", "Name", word, null!, null!).Select(static found => found.CompletionText));

    [Fact]
    public void CompleteArgument_Value_IsShownPlainWithItsTooltip()
    {
        System.Management.Automation.CompletionResult found = Assert.Single(new FixedCompleter().CompleteArgument("New-PortLease", "Name", "with", null!, null!));

        Assert.Equal(("with space", "tip of with space"), (found.ListItemText, found.ToolTip));
    }
}
