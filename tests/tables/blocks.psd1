# What blocks do, for the input 4: the same by &, by ForEach-Object -Parallel and as an operation, however it is called.
# Block: its text. State: how the operation ends; Succeeded if left out. Parallel: false where ForEach-Object -Parallel
# gives the error another id (PSTaskException).
@{
    Rows = @(
        # Output
        @{ Block = '$_' }
        @{ Block = '$_, $_' }
        @{ Block = '"<$_>"' }
        @{ Block = '1, $null' }
        @{ Block = '@(1, 2)' }
        @{ Block = '@{ a = $_ }.a' }
        @{ Block = '$x = $_ + 1; $x' }
        @{ Block = '$x = 1; $x += $_; $x; $x * 2' }
        @{ Block = '[math]::Sqrt($_)' }
        @{ Block = 'if ($_ -gt 3) { "big" } else { "small" }' }
        @{ Block = 'foreach ($i in 1..2) { $i * $_ }' }
        @{ Block = 'switch ($_) { 4 { "four" } default { "other" } }' }
        @{ Block = '1..3 | ForEach-Object { $_ * 2 }' }
        @{ Block = '1..5 | Where-Object { $_ -gt 3 }' }
        @{ Block = '(1..3).ForEach({ $_ + 1 })' }
        @{ Block = 'Write-Output $_ | Select-Object -First 1' }
        @{ Block = '"b", "a" | Sort-Object' }
        @{ Block = 'function f($y) { "f$y" }; f 1' }
        @{ Block = 'filter d { $_ * 2 }; 1, 2 | d' }
        @{ Block = '& { "inner $_" }' }
        @{ Block = '. { $x = 3 }; $x' }
        @{ Block = 'class C { [int] G() { return $this.H() } [int] H() { return 8 } }; [C]::new().G()' }
        @{ Block = '"a" -match "(a)"; $Matches[1]' }
        @{ Block = '[pscustomobject]@{ a = $_ } | Add-Member -PassThru ScriptMethod m { $this.a + 1 } | ForEach-Object { $_.m() }' }
        @{ Block = '$h = [ordered]@{ b = 1; a = 2 }; $h.Keys' }
        @{ Block = '$_ | Out-Null' }
        @{ Block = '[void] $_' }
        @{ Block = '"$nothing|$global:nothing"' }
        @{ Block = '@(1, $null, 2).Count' }
        @{ Block = '"{0:n1}" -f $_' }
        @{ Block = '$true ? "yes" : "no"' }
        @{ Block = '$a, $b = 1, 2; $b; $a' }
        @{ Block = '$s = { param($z) $z * 2 }; & $s $_' }
        @{ Block = 'Get-Variable -Name _ -ValueOnly' }
        # How a block ends
        @{ Block = '"a"; return "r"; "no"' }
        @{ Block = 'return' }
        @{ Block = 'try { throw "x" } catch { "caught $_" } finally { "always" }' }
        @{ Block = 'trap { "trapped"; continue } throw "x"; "after"' }
        @{ Block = 'foreach ($i in 1..3) { if ($i -eq 2) { break }; $i }' }
        @{ Block = 'for ($i = 0; $i -lt 3; $i++) { if ($i -eq 1) { continue }; $i }' }
        @{ Block = '"out"; throw "late"'; State = 'Failed'; Parallel = $false }
        @{ Block = 'throw [System.InvalidOperationException]::new("typed")'; State = 'Failed'; Parallel = $false }
        @{ Block = '"before"; Get-Item /no/such/place -ErrorAction Stop; "after"'; State = 'Failed'; Parallel = $false }
        @{ Block = '$ErrorActionPreference = "Stop"; "before"; Get-Item /no/such/place; "after"'; State = 'Failed'; Parallel = $false }
        @{ Block = 'function t { throw "inner" }; "before"; t; "after"'; State = 'Failed'; Parallel = $false }
        # Statements that end in an error, and errors that end none
        @{ Block = '1 / ($_ - 4); "after"'; State = 'Failed' }
        @{ Block = '[int]::Parse("x"); "after"'; State = 'Failed' }
        @{ Block = '$x = [int] "no"; "after $x"'; State = 'Failed' }
        @{ Block = 'nosuchcommand; "after"'; State = 'Failed' }
        @{ Block = '$null.Method(); "after"'; State = 'Failed' }
        @{ Block = '$ErrorActionPreference = "SilentlyContinue"; 1 / ($_ - 4); "after"' }
        @{ Block = 'try { 1 / ($_ - 4) } catch { "caught" }; "after"' }
        @{ Block = 'Get-Item /no/such/place; $_' }
        @{ Block = 'Get-Item /no/such/place -ErrorAction SilentlyContinue; $_' }
        @{ Block = 'Get-Item /no/such/place 2> $null; $_' }
        @{ Block = 'Write-Error "small"; "after"' }
        @{ Block = 'Write-Error "a"; Write-Error "b"; $Error.Count' }
        @{ Block = '"$?"; Get-Item /no/such/place -ErrorAction SilentlyContinue; "$?"' }
        # Parts and parameters
        @{ Block = 'param($x = 3) "$x $_"' }
        @{ Block = 'end { $_ }' }
        @{ Block = '$args.Count; @($input).Count' }
        @{ Block = 'Set-Location /; (Get-Location).Path' }
        @{ Block = '$x = 5; Set-Variable y 6; "$x$y"' }
        @{ Block = '$env:PORTMGMT_NO_SUCH ?? "default"' }
        @{ Block = 'Set-StrictMode -Version Latest; try { $noSuch } catch { "strict" }' }
        @{ Block = 'Set-Alias -Name own -Value Get-Date; (Get-Alias own).Definition' }
    )
}
