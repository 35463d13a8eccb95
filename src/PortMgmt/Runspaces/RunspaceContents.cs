using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>
/// What of a runspace outlives its variables, as it was when somebody looked: what is there, and not how much of it, since one may have
/// been put in the place of another. Two that are equal do the same for whoever comes next.
/// </summary>
internal sealed class RunspaceContents : IEquatable<RunspaceContents>
{
    private const string ListModules = "Microsoft.PowerShell.Core\\Get-Module";

    private readonly Dictionary<string, object?> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Name, string Root, string Description)> _drives;
    private readonly object[] _tables;
    private readonly HashSet<object> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly Delegate?[] _actions;
    private readonly int _locations;
    private readonly int _jobs;

    /// <summary>Looks, from within a pipeline of the runspace.</summary>
    /// <param name="cmdlet">A cmdlet that runs in it.</param>
    /// <param name="runspace">The runspace.</param>
    /// <param name="mayImport">Modules can have been imported.</param>
    public RunspaceContents(PSCmdlet cmdlet, Runspace runspace, bool mayImport)
    {
        SessionState state = cmdlet.SessionState;
        foreach (CommandInfo command in state.InvokeCommand.GetCommands("*", CommandTypes.Function | CommandTypes.Alias, nameIsPattern: true))
        {
            _commands[command.CommandType + command.Name] = command is FunctionInfo function ? function.ScriptBlock : command.Definition;
        }

        foreach ((string name, object? value) in RunspaceInternals.Read(cmdlet, runspace))
        {
            _commands[name] = value;
        }

        _commands["runspace"] = runspace.Name;
        _commands["applications"] = string.Join('\n', state.Applications);
        _commands["scripts"] = string.Join('\n', state.Scripts);
        _drives = [.. state.Drive.GetAll().Select(static drive => (drive.Name, drive.Root, drive.Description))];
        _tables = [.. runspace.InitialSessionState.Types, .. runspace.InitialSessionState.Formats];
        CommandInvocationIntrinsics commands = state.InvokeCommand;
        _actions = [commands.CommandNotFoundAction, commands.PreCommandLookupAction, commands.PostCommandLookupAction];
        _locations = state.Path.LocationStack(null).Count;
        _jobs = cmdlet.JobRepository.Jobs.Count;
        if (mayImport)
        {
            _modules.UnionWith(cmdlet.InvokeCommand.InvokeScript(ListModules).Select(static module => module.BaseObject));
        }
    }

    public bool Equals(RunspaceContents? other) =>
        other is not null && _locations == other._locations && _jobs == other._jobs && _commands.Count == other._commands.Count
        && _drives.SetEquals(other._drives) && _modules.SetEquals(other._modules) && _tables.SequenceEqual(other._tables, ReferenceEqualityComparer.Instance)
        && _actions.SequenceEqual(other._actions)
        && _commands.All(pair => other._commands.TryGetValue(pair.Key, out object? value) && Equals(pair.Value, value));

    public override bool Equals(object? obj) => Equals(obj as RunspaceContents);

    public override int GetHashCode() => HashCode.Combine(_commands.Count, _tables.Length, _locations, _jobs);
}
