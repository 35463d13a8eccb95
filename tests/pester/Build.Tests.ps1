BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # A copy whose dotnet only says what it is asked for: what is built here is no concern of these tests.
    $place = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'checkout')
    $build = Join-Path $place 'build.ps1'
    $text = Get-Content -Path (Join-Path $PSScriptRoot '../../build.ps1') -Raw
    Set-Content -Path $build -Value $text.Replace('& dotnet @args', "`$global:LASTEXITCODE = 0; `"asked for `$(`$args.ForEach({ Split-Path -Path `$_ -Leaf }) -join ' ')`"")
}

Describe 'build.ps1' {
    It 'takes tasks and systems with commas in one text, as another shell passes them' {
        $said = Invoke-TestShell -File $build -Task 'Build,Precompile' -Runtime 'linux-x64, win-x64'
        $LASTEXITCODE | Should -Be 0
        $said -replace ' --output .*' | Should -Be @(
            'asked for build PortMgmt.sln --configuration Release'
            'asked for publish PortMgmt --configuration Release --runtime linux-x64'
            'asked for publish PortMgmt --configuration Release --runtime win-x64'
        )
    }

    It 'takes them as a list' {
        & $build -Task Clean, Build -Configuration Debug | Should -Be @(
            'asked for clean PortMgmt.sln --configuration Debug --verbosity quiet'
            'asked for build PortMgmt.sln --configuration Debug'
        )
    }

    It 'gets the PowerShell for the tests' {
        & $build -Task Test | Should -Be 'asked for tool restore', 'asked for test PortMgmt.sln --configuration Release'
    }

    It 'does nothing where a task does not exist, and says which there are' {
        $failure = { & $build -Task 'Build,Tset' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,build.ps1' -PassThru
        $failure.Exception.Message | Should -BeLike "*There is no task 'Tset'. The tasks are Build, Precompile, Test,*"
    }

    It 'completes tasks, each of which it takes' {
        $line = "& '$build' -Task "
        $names = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText
        $names | Should -Contain 'Precompile'
        $failure = { & $build -Task '' } | Should -Throw -PassThru
        $failure.Exception.Message | Should -BeLike "*The tasks are $($names -join ', ').*"
    }

    It 'says how to get what NuGet does not have' {
        if (Get-Module -ListAvailable -Name PSScriptAnalyzer) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is installed here'
        }
        { & $build -Task Analyze } | Should -Throw '*Install-PSResource PSScriptAnalyzer*'
    }
}
