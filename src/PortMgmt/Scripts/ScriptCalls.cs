using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// How blocks are called that have been called before, for as long as somebody has their syntax trees, so that a block which batch
/// after batch runs is compiled once, as a loop of <c>&amp;</c> has it. Thread-safe.
/// </summary>
/// <remarks>
/// A syntax tree tells a block from all others, with its file and place; a text does not. What is kept belongs to no runspace, and the
/// workers of one batch share it anyway. Not kept are blocks whose compilation makes more than what runs, such as classes.
/// </remarks>
internal sealed class ScriptCalls
{
    private readonly ConditionalWeakTable<Ast, ConcurrentDictionary<Circumstances, ScriptCall>> _known = [];

    /// <summary>Gets the call of a block, or creates it.</summary>
    /// <param name="block">The caller's block.</param>
    /// <param name="language">What the caller may do: a block keeps what its maker might.</param>
    /// <param name="isPlain">Where it runs there are no commands but the engine's.</param>
    public ScriptCall Get(ScriptBlock block, PSLanguageMode language, bool isPlain)
    {
        var circumstances = new Circumstances(isPlain, language, EngineCall.IsThere);
        if (_known.TryGetValue(block.Ast, out ConcurrentDictionary<Circumstances, ScriptCall>? calls) && calls.TryGetValue(circumstances, out ScriptCall? known))
        {
            return known;
        }

        ScriptBlockAst syntax = BlockSyntax.Of(block);
        var call = ScriptCall.Create(syntax, isPlain);
        return IsMadeAnew(syntax) ? call : _known.GetOrCreateValue(block.Ast).GetOrAdd(circumstances, call);
    }

    /// <summary>Whether the compilation of a syntax tree makes more than what runs, such as a class.</summary>
    public static bool IsMadeAnew(Ast syntax) => syntax.Find(
        static node => node is TypeDefinitionAst or ConfigurationDefinitionAst or UsingStatementAst, searchNestedScriptBlocks: true) is not null;

    private readonly record struct Circumstances(bool IsPlain, PSLanguageMode Language, bool HasEngineCall);
}
