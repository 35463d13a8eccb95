using System.Management.Automation.Language;
using Xunit;

namespace PortMgmt.Tests.Scripts;

/// <summary>Script blocks as a caller writes them, between braces.</summary>
internal static class Blocks
{
    /// <summary>The syntax tree of a block.</summary>
    /// <param name="text">What stands between the braces.</param>
    public static ScriptBlockAst Parse(string text)
    {
        ScriptBlockAst script = Parser.ParseInput("{" + text + "}", out _, out ParseError[] errors);
        Assert.Empty(errors);
        return ((ScriptBlockExpressionAst)script.Find(static node => node is ScriptBlockExpressionAst, searchNestedScriptBlocks: false)).ScriptBlock;
    }
}
