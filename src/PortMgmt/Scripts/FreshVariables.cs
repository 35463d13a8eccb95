using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>What every operation finds as in a new shell, however the one before left it. Each look costs nanoseconds.</summary>
internal sealed class FreshVariables(ScriptPlan plan)
{
    private const string ExitCodeName = "global:LASTEXITCODE";

    private SessionState _state = null!;
    private ArrayList _errors = null!;
    private PSVariable _exitCode = null!;
    private PSDriveInfo? _drive;

    /// <summary>The version of what the scripts of values need that is there.</summary>
    private int _needs;

    private string? _location;

    /// <summary>The exit code of the last program, or script, that the present operation ran; null where none did.</summary>
    public int? ExitCode => _exitCode.Value is { } value && LanguagePrimitives.TryConvertTo(value, out int code) ? code : null;

    /// <summary>A new pipeline begins: brings the caller's variables and location, and finds the automatic ones.</summary>
    public void Attach(SessionState state)
    {
        _state = state;
        _needs = 0;
        foreach (KeyValuePair<string, object?> variable in plan.Variables)
        {
            state.PSVariable.Set("global:" + variable.Key, variable.Value);
        }

        _errors = (ArrayList)state.PSVariable.GetValue("Error");
        state.PSVariable.Set(ExitCodeName, null);
        _exitCode = state.PSVariable.Get(ExitCodeName);
        GoHome();
    }

    /// <summary>Makes <c>$Error</c>, <c>$LASTEXITCODE</c> and the location new; <c>$?</c> is, by the call itself.</summary>
    public void Refresh()
    {
        if (_errors.Count > 0)
        {
            _errors.Clear();
        }

        if (_exitCode.Value is not null)
        {
            _exitCode.Value = null;
        }

        if (plan.Values.Needs.Version != _needs)
        {
            _needs = plan.Values.Needs.Provide(_state, plan.Variables);
        }

        PSDriveInfo drive = _state.Drive.Current;
        if (drive != _drive || !string.Equals(drive.CurrentLocation, _location, StringComparison.Ordinal))
        {
            GoHome();
        }
    }

    /// <summary>
    /// What reads <c>$foreach</c>, or <c>$args</c> where a block has none of its own, must not find the loop of the pump, whose operations
    /// reading would take away.
    /// </summary>
    public void HideLoop()
    {
        _state.PSVariable.Set("foreach", null);
        _state.PSVariable.Set("args", Array.Empty<object>());
    }

    /// <summary>The port that was leased for the operation.</summary>
    public void SetPort(int port) => _state.PSVariable.Set("Port", port);

    // Setting a location makes the engine read the system's table of mounts and the directories on the way, which for a hundred
    // workers takes longer than many a batch: not where the runspace is there already.
    private void GoHome()
    {
        try
        {
            if (!string.Equals(CallerState.NameOf(_state.Path.CurrentLocation), plan.Location, StringComparison.Ordinal))
            {
                _state.Path.SetLocation(WildcardPattern.Escape(plan.Location));
            }
        }
        catch (Exception e) when (e is SessionStateException)
        {
            // A drive that only the caller has, or a directory that is gone: the runspace stays where it is.
        }

        _drive = _state.Drive.Current;
        _location = _drive.CurrentLocation;
    }
}
