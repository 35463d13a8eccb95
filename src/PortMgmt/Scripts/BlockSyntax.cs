using System.Management.Automation;
using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>The syntax tree of a block as a block of its own: that of a function or filter is part of a definition.</summary>
internal static class BlockSyntax
{
    /// <summary>What the block has between its braces, with the parameters that stand before them; file and lines stay.</summary>
    public static ScriptBlockAst Of(ScriptBlock block) =>
        block.Ast is FunctionDefinitionAst function ? OfFunction(function) : (ScriptBlockAst)block.Ast;

    /// <summary>The function's definition under a name; for a block that was assigned to it, one is made.</summary>
    public static FunctionDefinitionAst Define(string name, ScriptBlock block)
    {
        if (block.Ast is not FunctionDefinitionAst function)
        {
            return new FunctionDefinitionAst(block.Ast.Extent, isFilter: false, isWorkflow: false, name, null, (ScriptBlockAst)block.Ast.Copy());
        }

        IEnumerable<ParameterAst>? parameters = function.Parameters?.Select(Copy);
        return new FunctionDefinitionAst(function.Extent, function.IsFilter, isWorkflow: false, name, parameters, (ScriptBlockAst)function.Body.Copy());
    }

    /// <summary>The part that makes a block more than statements; the block itself where there is none.</summary>
    public static Ast PartOf(ScriptBlockAst block) =>
        (Ast?)block.ParamBlock ?? block.BeginBlock ?? block.ProcessBlock ?? block.DynamicParamBlock ?? block.EndBlock ?? (Ast)block;

    /// <summary>Whether an ampersand behind the statement makes a job of it, which is not part of its text, and which the reference assembly does not know.</summary>
    public static bool IsJob(StatementAst statement) => statement.GetType().GetProperty("Background")?.GetValue(statement) is true;

    /// <summary>
    /// Whether the block takes its input from a pipeline: one of its parameters does, or it has <c>process { }</c> and no parameters
    /// that are bound as a cmdlet's, which refuse what none of them takes.
    /// </summary>
    public static bool TakesPipelineInput(ScriptBlockAst block)
    {
        AttributeAst[] attributes = [.. block.ParamBlock?.Parameters.SelectMany(static parameter => parameter.Attributes).OfType<AttributeAst>().Where(Is<ParameterAttribute>) ?? []];
        return attributes.SelectMany(static attribute => attribute.NamedArguments).Any(BindsPipeline)
            || (block.ProcessBlock is not null && attributes.Length == 0 && block.ParamBlock?.Attributes.Any(Is<CmdletBindingAttribute>) != true);
    }

    /// <summary>
    /// The block with <c>$_ = $_</c> before its statements, if one of them gives <c>$_</c> back what the scope had before, as
    /// <c>catch</c> and <c>switch</c> do: a block that is called by <c>&amp;</c> has none in its scope, and would have lost it then.
    /// </summary>
    public static ScriptBlockAst KeepInput(ScriptBlockAst block)
    {
        if (block is not { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Unnamed: true } end }
            || end.Find(static node => node is CatchClauseAst or SwitchStatementAst or TrapStatementAst, searchNestedScriptBlocks: false) is null)
        {
            return block;
        }

        VariableExpressionAst input = new(end.Extent, "_", splatted: false);
        var keep = new AssignmentStatementAst(
            end.Extent, input, TokenKind.Equals, new CommandExpressionAst(end.Extent, (ExpressionAst)input.Copy(), []), end.Extent);
        var body = new StatementBlockAst(
            end.Extent, [keep, .. end.Statements.Select(static statement => (StatementAst)statement.Copy())], end.Traps?.Select(static trap => (TrapStatementAst)trap.Copy()));
        return new ScriptBlockAst(
            block.Extent, block.UsingStatements.Select(static statement => (UsingStatementAst)statement.Copy()), block.Attributes.Select(static attribute => (AttributeAst)attribute.Copy()),
            (ParamBlockAst?)block.ParamBlock?.Copy(), body, isFilter: false, isConfiguration: false);
    }

    private static bool Is<TAttribute>(AttributeAst attribute) => attribute.TypeName.GetReflectionAttributeType() == typeof(TAttribute);

    private static bool BindsPipeline(NamedAttributeArgumentAst argument) =>
        argument.ArgumentName.StartsWith(nameof(ParameterAttribute.ValueFromPipeline), StringComparison.OrdinalIgnoreCase)
        && (argument.ExpressionOmitted || LanguagePrimitives.IsTrue(argument.Argument.SafeGetValue()));

    private static ScriptBlockAst OfFunction(FunctionDefinitionAst function)
    {
        ScriptBlockAst body = function.Body;
        bool isFilter = function.IsFilter && body.EndBlock is { Unnamed: true };
        if (!isFilter && function.Parameters is null or { Count: 0 })
        {
            return body;
        }

        ParamBlockAst? parameters = function.Parameters is null
            ? (ParamBlockAst?)body.ParamBlock?.Copy()
            : new ParamBlockAst(function.Extent, [], function.Parameters.Select(Copy));
        return isFilter
            ? new ScriptBlockAst(body.Extent, parameters, AsStatements(body.EndBlock), isFilter: true)
            : new ScriptBlockAst(body.Extent, parameters, Copy(body.BeginBlock), Copy(body.ProcessBlock), Copy(body.EndBlock), Copy(body.DynamicParamBlock));
    }

    private static StatementBlockAst AsStatements(NamedBlockAst block) => new(
        block.Extent, block.Statements.Select(statement => (StatementAst)statement.Copy()), block.Traps?.Select(trap => (TrapStatementAst)trap.Copy()));

    private static ParameterAst Copy(ParameterAst parameter) => (ParameterAst)parameter.Copy();

    private static NamedBlockAst? Copy(NamedBlockAst? block) => (NamedBlockAst?)block?.Copy();
}
