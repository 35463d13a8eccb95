using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>
/// What of a runspace outlives its variables, and no public member of the reference assembly tells of: stacks of locations by their names,
/// completers of arguments, transcripts, what is done when the location changes. Of an engine that keeps them otherwise nothing is told.
/// </summary>
internal static class RunspaceInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Context = typeof(PSCmdlet).GetProperty("Context", Hidden);
    private static readonly PropertyInfo? Completers = Context?.PropertyType.GetProperty("CustomArgumentCompleters", Hidden);
    private static readonly PropertyInfo? NativeCompleters = Context?.PropertyType.GetProperty("NativeArgumentCompleters", Hidden);
    private static readonly PropertyInfo? Session = Context?.PropertyType.GetProperty("EngineSessionState", Hidden);
    private static readonly FieldInfo? Locations = Session?.PropertyType.GetField("_workingLocationStack", Hidden);
    private static readonly PropertyInfo? Transcription = typeof(Runspace).Assembly
        .GetType("System.Management.Automation.Runspaces.LocalRunspace")?.GetProperty("TranscriptionData", Hidden);

    private static readonly PropertyInfo? LocationChanged = typeof(CommandInvocationIntrinsics).GetProperty("LocationChangedAction");
    private static readonly PropertyInfo? Transcripts = Transcription?.PropertyType.GetProperty("Transcripts", Hidden | BindingFlags.Public);

    /// <summary>Whether the engine has all of it.</summary>
    public static bool AreThere =>
        Completers is not null && NativeCompleters is not null && Locations is not null && Transcripts is not null && LocationChanged is not null;

    /// <summary>Looks, from within a pipeline of the runspace.</summary>
    public static IEnumerable<(string Name, object? Value)> Read(PSCmdlet cmdlet, Runspace runspace)
    {
        object? context = Context?.GetValue(cmdlet);
        foreach (PropertyInfo? completers in new[] { Completers, NativeCompleters })
        {
            foreach (DictionaryEntry completer in Entries(completers?.GetValue(context)))
            {
                yield return (completers!.Name + ":" + completer.Key, completer.Value);
            }
        }

        foreach (DictionaryEntry stack in Entries(Locations?.GetValue(Session!.GetValue(context))))
        {
            if (stack.Value is ICollection { Count: > 0 } places)
            {
                yield return ("locations:" + stack.Key, places.Count);
            }
        }

        yield return ("location changed", LocationChanged?.GetValue(cmdlet.SessionState.InvokeCommand));
        yield return ("transcripts", (Transcripts?.GetValue(Transcription!.GetValue(runspace)) as ICollection)?.Count);
    }

    private static IEnumerable<DictionaryEntry> Entries(object? table) => table is IDictionary known ? known.Cast<DictionaryEntry>() : [];
}
