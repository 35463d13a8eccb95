using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// The commands that find the values of <c>$using:</c> themselves, in the scope in which they are called: what stands in the block of
/// such a command is its own, and nobody around it looks at it.
/// </summary>
internal static class UsingCollectors
{
    /// <summary>Those that always do.</summary>
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase)
    {
        "Start-OperationBatch", "Start-OperationWorker", "Start-Job", "sajb", "Start-ThreadJob", "Start-RSJob", "Invoke-Parallel",
    };

    private static readonly HashSet<string> ForEachNames = new(StringComparer.OrdinalIgnoreCase) { "ForEach-Object", "foreach", "%" };

    private static readonly HashSet<string> InvokeCommandNames = new(StringComparer.OrdinalIgnoreCase) { "Invoke-Command", "icm" };

    /// <summary>Parameters by which Invoke-Command runs its block elsewhere.</summary>
    private static readonly string[] Elsewhere =
    [
        "ComputerName", "Cn", "Session", "HostName", "SSHConnection", "VMId", "VMName", "ContainerId", "ConnectionUri",
    ];

    /// <summary>Parameters whose blocks run where the command is called.</summary>
    private static readonly string[] Here = ["Id", "Type", "Metadata", "Priority", "OnEvent", "HealthCheck"];

    /// <summary>Whether the expression belongs to a command within the block.</summary>
    /// <param name="expression">The <c>$using:</c> expression.</param>
    /// <param name="root">The block.</param>
    public static bool Own(UsingExpressionAst expression, Ast root)
    {
        Ast child = expression;
        for (Ast? node = expression.Parent; node is not null && node != root; child = node, node = node.Parent)
        {
            if (node is CommandAst command && child is ScriptBlockExpressionAst or CommandParameterAst && IsCollector(command, child))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCollector(CommandAst command, Ast block)
    {
        string name = (command.GetCommandName() ?? "").Split('\\')[^1];
        if (Always.Contains(name))
        {
            return !Here.Any(parameter => IsNamed(ParameterOf(command, block), parameter));
        }

        return ForEachNames.Contains(name)
            ? Has(command, "Parallel")
            : InvokeCommandNames.Contains(name) && (Elsewhere.Any(parameter => Has(command, parameter)) || IsSecond(command, block));
    }

    // The parameter that the block follows; a switch before it is none of those that are looked for.
    private static string? ParameterOf(CommandAst command, Ast block) =>
        block is CommandParameterAst own
            ? own.ParameterName
            : (command.CommandElements.TakeWhile(element => element != block).LastOrDefault() as CommandParameterAst)?.ParameterName;

    private static bool Has(CommandAst command, string parameter) =>
        command.CommandElements.OfType<CommandParameterAst>().Any(given => IsNamed(given.ParameterName, parameter));

    // A computer's name may stand before the block.
    private static bool IsSecond(CommandAst command, Ast block) =>
        command.CommandElements.Count > 1 && command.CommandElements[1] is not CommandParameterAst && command.CommandElements[1] != block;

    private static bool IsNamed(string? given, string parameter) =>
        given is not null && given.Length >= Math.Min(2, parameter.Length) && parameter.StartsWith(given, StringComparison.OrdinalIgnoreCase);
}
