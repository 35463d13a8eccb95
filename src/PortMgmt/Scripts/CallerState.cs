using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>Finds what of the caller's session was asked for: variables, functions, modules, and where it is.</summary>
internal sealed class CallerState(SessionState state)
{
    /// <summary>Variables by name, with wildcards, or pairs of a table.</summary>
    /// <exception cref="OperationException">There is no such variable, or its value is a script block.</exception>
    public Dictionary<string, object?> Variables(IEnumerable<object> wanted)
    {
        Dictionary<string, object?> variables = new(StringComparer.OrdinalIgnoreCase);
        foreach (object item in wanted)
        {
            if (Plain(item) is IDictionary table)
            {
                foreach (DictionaryEntry pair in table)
                {
                    Add(variables, Text(pair.Key), pair.Value);
                }

                continue;
            }

            foreach (PSObject found in Run("Microsoft.PowerShell.Utility\\Get-Variable -Name $args[0] -ErrorAction Ignore", Text(item), "variable", "-Variables"))
            {
                var variable = (PSVariable)found.BaseObject;
                Add(variables, variable.Name, variable.Value);
            }
        }

        return variables;
    }

    /// <summary>Functions by name, with wildcards: their names and texts.</summary>
    /// <exception cref="OperationException">There is no such function.</exception>
    public List<KeyValuePair<string, string>> Functions(IEnumerable<string> wanted)
    {
        List<KeyValuePair<string, string>> functions = [];
        foreach (string name in wanted)
        {
            foreach (PSObject found in Run("Microsoft.PowerShell.Core\\Get-Command -Name $args[0] -CommandType Function, Filter -ErrorAction Ignore", name, "function", "-Functions"))
            {
                var function = (FunctionInfo)found.BaseObject;
                functions.Add(KeyValuePair.Create(function.Name, function.Definition));
            }
        }

        return functions;
    }

    /// <summary>Modules by name, path or object, as what a runspace can import: the very file where the caller has it loaded.</summary>
    public List<string> Modules(IEnumerable<object> wanted) => [.. wanted.Select(Module)];

    /// <summary>Where the caller is; in the file system without a drive that only the caller may have.</summary>
    public string Location => NameOf(state.Path.CurrentLocation);

    /// <summary>A location as another runspace understands it.</summary>
    public static string NameOf(PathInfo location) => location.Provider.Name == "FileSystem" ? location.ProviderPath : location.Path;

    private static object Plain(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static void Add(Dictionary<string, object?> variables, string name, object? value)
    {
        ScriptBlockValues.Refuse(value, "The value of $" + name);
        variables[name] = value;
    }

    private static string FileOf(PSModuleInfo module)
    {
        string manifest = System.IO.Path.Combine(module.ModuleBase, module.Name + ".psd1");
        return File.Exists(manifest) ? manifest : module.Path;
    }

    private string Module(object wanted)
    {
        if (Plain(wanted) is PSModuleInfo module)
        {
            return FileOf(module);
        }

        string name = Text(wanted);
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal))
        {
            return state.Path.GetUnresolvedProviderPathFromPSPath(name);
        }

        Collection<PSObject> loaded = state.InvokeCommand.InvokeScript(
            true, ScriptBlock.Create("Microsoft.PowerShell.Core\\Get-Module -Name $args[0]"), null, name);
        return loaded.Count > 0 ? FileOf((PSModuleInfo)loaded[0].BaseObject) : name;
    }

    private Collection<PSObject> Run(string script, string name, string kind, string parameter)
    {
        Collection<PSObject> found = state.InvokeCommand.InvokeScript(true, ScriptBlock.Create(script), null, name);
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name)
            ? found
            : throw new OperationException(
                OperationErrorCode.NameNotFound, $"There is no {kind} '{name}' where Start-OperationBatch was called: correct the name in {parameter}, or leave it out.");
    }
}
