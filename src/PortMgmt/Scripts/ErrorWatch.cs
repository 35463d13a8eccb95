using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Looks at errors as they come into the stream of a worker's pipeline, and tells which of them make the operation fail. Belongs to one
/// worker; the engine calls it on the worker's thread, in the middle of what writes the error.
/// </summary>
/// <remarks>
/// <para>
/// The record itself does not tell whether it ended a statement. The moment does: a cmdlet that writes an error puts it into
/// <c>$Error</c> first, so the newest one there is the same instance; an error that ended a statement is wrapped once more on its way
/// to the stream. One case is left, an error that was caught and is written again by <c>WriteError</c>, or that has the exception of
/// the one before: <c>$Error</c> does not take the same exception twice. Then the calls on the stack decide.
/// </para>
/// <para>So nothing stands around the block: a <c>trap</c> or a <c>try</c> there would end functions early that it calls.</para>
/// </remarks>
internal sealed class ErrorWatch(FailureLevel level)
{
    private ArrayList _dollarError = [];
    private int _count;
    private ErrorRecord? _first;
    private ErrorRecord? _failure;

    /// <summary>A new pipeline begins.</summary>
    public void Attach(PSDataStreams streams) => streams.Error.DataAdding += OnAdding;

    /// <summary>The pump is inside its runspace.</summary>
    public void Enter(SessionState state) => _dollarError = (ArrayList)state.PSVariable.GetValue("Error");

    /// <summary>What the present operation had; the next one begins without any.</summary>
    public ErrorSummary Take()
    {
        if (_count == 0)
        {
            return ErrorSummary.None;
        }

        var errors = new ErrorSummary { Count = _count, First = _first, Failure = _failure };
        _count = 0;
        _first = null;
        _failure = null;
        return errors;
    }

    /// <summary>A line that a program wrote to its standard error: it comes through the stream of errors, and is none for PowerShell.</summary>
    internal static bool IsProgramOutput(ErrorRecord record) =>
        record is { Exception: RemoteException, FullyQualifiedErrorId: "NativeCommandError" or "NativeCommandErrorMessage" };

    private void OnAdding(object? sender, DataAddingEventArgs added)
    {
        if (added.ItemAdded is not ErrorRecord record || IsProgramOutput(record))
        {
            return;
        }

        _count++;
        _first ??= record;
        if (_failure is null && IsFailure(record))
        {
            _failure = record;
        }
    }

    private bool IsFailure(ErrorRecord record) => level switch
    {
        FailureLevel.Error => true,

        // $PSNativeCommandUseErrorActionPreference asks for it.
        _ when record.FullyQualifiedErrorId == "ProgramExitedWithNonZeroCode" => true,
        FailureLevel.Statement => EndedStatement(record),
        _ => false,
    };

    private bool EndedStatement(ErrorRecord record) =>
        !(_dollarError.Count > 0 && ReferenceEquals(_dollarError[0], record)) && !IsWritten(new StackTrace());

    /// <summary>Whether the nearest of the engine's two ways to the stream is that of commands, and not that of statements.</summary>
    private static bool IsWritten(StackTrace calls)
    {
        foreach (StackFrame call in calls.GetFrames())
        {
            if (call.GetMethod() is not { DeclaringType: { Namespace: "System.Management.Automation" } type } method)
            {
                continue;
            }

            // Also DoWriteError and the like, since in compiled code a method that ends in a call of another leaves no frame.
            if (method.Name.Contains(nameof(ICommandRuntime.WriteError), StringComparison.Ordinal))
            {
                return true;
            }

            if (type.Name == "ExceptionHandlingOps")
            {
                return false;
            }
        }

        // None of either: that of commands may leave no frame at all, that of statements always does.
        return true;
    }
}
